export const oversight = {
  platform: { tabs: 'Pages de la plateforme' },
  operations: {
    title: 'Opérations',
    intro: 'Ce qui a été fait aux sites et aux modèles, par des personnes et par Ruche. Gardé 30 jours.',
    anyState: 'Tous les états',
    state: 'État',
    site: 'Site ou modèle',
    person: 'Personne',
    log: 'Journal',
  },
} as const
