export const oversight = {
  platform: { tabs: 'Pages de la plateforme', activity: 'Activité' },
  operations: {
    title: 'Opérations',
    intro: 'Ce qui a été fait aux sites et aux modèles, par des personnes et par Ruche. Gardé 30 jours.',
    anyState: 'Tous les états',
    state: 'État',
    site: 'Site ou modèle',
    person: 'Personne',
    log: 'Journal',
  },
  audit: {
    title: 'Journal d’audit',
    intro:
      'Tout ce qui a été demandé à la partie qui a les droits de root, du plus récent au plus ancien. Le lire y est noté aussi.',
    who: 'Qui',
    site: 'Conteneur',
    call: 'Appel',
    time: 'Heure',
    outcome: 'Résultat',
    notKnown: 'Encore en cours, ou personne n’a vu comment cela a fini',
    again: 'Relire',
    newer: 'Plus récents',
    older: 'Plus anciens',
    furtherBack: 'Rien trouvé jusqu’ici ; il y en a d’autres plus loin.',
  },
} as const
