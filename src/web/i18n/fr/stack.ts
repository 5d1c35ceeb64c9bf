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
} as const
