/** De quoi un site est fait, et comment cela se change. */
export const stack = {
  packages: {
    title: 'Paquets Debian',
    text: 'Des programmes de l’archive de Debian dont le code du site a besoin en plus de sa composition, comme imagemagick. Le premier site qui demande les mêmes les attend quelques minutes ; ensuite le site redémarre.',
    none: 'Aucun en plus de ceux de la composition.',
    new: 'Nom d’un paquet',
    invalid: 'Ce n’est pas le nom d’un paquet Debian.',
    there: 'Ce paquet est déjà dans la liste.',
    remove: 'Retirer {{name}}',
    apply: 'Appliquer',
    unsaved: 'Pas encore appliqué.',
  },
  stackChange: {
    title: 'Composition',
    change: 'Changer de composition',
    warning:
      'Le site est d’abord sauvegardé, puis il démarre sur l’autre composition, avec les mêmes fichiers. Une base de données d’un autre type commence vide.',
    undo: 'Revenir à {{stack}}',
    undoAction: 'Revenir',
    undoText:
      'Le site contiendra ce qu’il contenait avant le changement. Ce qu’il contient maintenant est d’abord sauvegardé.',
  },
  model: {
    title: 'Site modèle',
    text: 'De nouveaux sites peuvent commencer comme une copie de celui-ci : fichiers, base de données et paquets, tels qu’ils sont à ce moment.',
    for: 'Un modèle pour',
    choice: { nobody: 'personne', owner: 'son propriétaire', everybody: 'tous ceux qui peuvent créer des sites' },
    begin: 'Commencer par',
    empty: 'Un site vide',
    copyOf: 'Une copie de {{name}} ({{stack}}, de {{owner}})',
  },
} as const
