import type { copies as english } from '../en/copies.js'
import type { Translated } from '../messages.js'

/** Sauvegardes, copies et corbeille. */
export const copies: Translated<typeof english> = {
  backups: {
    title: 'Sauvegardes',
    text: 'Une sauvegarde contient les fichiers et la base de données tels qu’ils étaient à un même moment. Chacune est essayée d’elle-même : elle est restaurée dans une pièce fermée, et elle n’est dite vérifiée que si le site y répond.',
    now: 'Sauvegarder maintenant',
    clone: 'Copier le site',
    cloneAction: 'Copier',
    cloneText:
      'Un nouveau site commence avec les fichiers et la base de données de celui-ci, tels qu’ils sont maintenant. Celui-ci reste comme il est.',
    kept: 'Sauvegardes gardées',
    none: 'Il n’y a pas encore de sauvegarde.',
    proven: 'Vérifiée {{ago}}',
    provenIn: 'Elle a été restaurée et a répondu en {{time}}.',
    unproven: 'Non vérifiée.',
    untried: 'Pas encore essayée',
    tryFailed: 'Elle n’a pas pu être essayée',
    asCopy: 'Restaurer en copie',
    more: 'Autres actions pour la sauvegarde du {{when}}',
    inPlace: 'Restaurer sur place…',
    oneFile: 'Reprendre un fichier ou un dossier…',
    download: 'Télécharger',
    tryOut: 'L’essayer à nouveau',
    remove: 'Supprimer…',
    restore: 'Restaurer',
    asCopyTitle: 'Une copie de la sauvegarde du {{when}}',
    asCopyText: 'Un nouveau site commence avec ce que contient la sauvegarde. {{name}} reste comme il est.',
    inPlaceTitle: 'Revenir au {{when}} ?',
    inPlaceText:
      'Les fichiers et la base de données du site redeviennent ce qu’ils étaient alors ; la suite est perdue, sauf si une autre sauvegarde la contient. Si le site ne démarre pas ainsi, il est remis dans son état actuel.',
    oneFileTitle: 'Un fichier de la sauvegarde du {{when}}',
    oneFileText: 'Il remplace ce qui se trouve au même endroit. Un dossier revient avec tout ce qu’il contenait.',
    path: 'Fichier ou dossier',
    found: 'Dans la sauvegarde',
    moreFiles: 'Il y en a d’autres : tapez une partie du nom.',
    removeTitle: 'Supprimer la sauvegarde du {{when}} ?',
    removeText: 'Elle ne pourra pas être reprise.',
    plan: 'Sauvegardes automatiques',
    next: 'La prochaine sera faite le {{when}}.',
    noNext: 'Aucune sauvegarde n’est faite automatiquement.',
    daily: 'Faire une sauvegarde chaque jour',
    keepDaily: 'Jours dont une est gardée',
    keepWeekly: 'Semaines dont une est gardée',
    keepHint:
      'Les plus anciennes sont supprimées quand une nouvelle a été faite. Celles que vous avez faites vous-même comptent aussi.',
    between: 'De {{from}} à {{to}}.',
  },
  trash: {
    empty: 'Aucun site supprimé',
    emptyText: 'Un site que vous supprimez peut être repris ici pendant sept jours.',
    deleted: 'Supprimé {{ago}}',
    gone: 'Perdu pour de bon le {{when}}',
    recover: 'Reprendre',
    recoverTitle: 'Reprendre {{name}} ?',
    recoverText: 'Il revient avec ses fichiers et sa base de données, sous son ancien nom ou sous un autre.',
    purge: 'Supprimer pour de bon',
    purgeTitle: 'Supprimer {{name}} pour de bon ?',
    purgeText:
      'Ses fichiers, sa base de données et ses sauvegardes sont supprimés maintenant. Personne ne pourra les reprendre.',
  },
}
