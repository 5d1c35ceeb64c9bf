/** Ce qui se fait de plusieurs sites ensemble. */
export const bulk = {
  bulk: {
    label: 'Sites choisis',
    selected_one: '{{count}} choisi',
    selected_other: '{{count}} choisis',
    none: 'Effacer le choix',
    start: 'Démarrer',
    restart: 'Redémarrer',
    stop: 'Arrêter',
    destroy: 'Supprimer',
    restartTitle_one: 'Redémarrer {{count}} site ?',
    restartTitle_other: 'Redémarrer {{count}} sites ?',
    restartText_one: 'Il sera injoignable un instant.',
    restartText_other: 'Chacun sera injoignable un instant.',
    stopTitle_one: 'Arrêter {{count}} site ?',
    stopTitle_other: 'Arrêter {{count}} sites ?',
    stopText_one: 'Les visiteurs verront une page qui le dit, jusqu’à ce que quelqu’un le redémarre.',
    stopText_other: 'Les visiteurs verront une page qui le dit, jusqu’à ce que quelqu’un les redémarre.',
    destroyTitle_one: 'Supprimer {{count}} site ?',
    destroyTitle_other: 'Supprimer {{count}} sites ?',
    destroyText_one: 'Ses adresses seront perdues. Fichiers et base de données restent sept jours dans la corbeille.',
    destroyText_other:
      'Leurs adresses seront perdues. Fichiers et bases de données restent sept jours dans la corbeille.',
    refused_one: 'Refusé pour {{names}}',
    refused_other: 'Refusé pour {{count}} sites : {{names}}',
  },
}
