import type { ServerText } from '../server-texts.js'

const MEND_ITSELF = 'Ruche le répare tout seul en 30 s. Si cela revient, cherchez quel programme le change.'
const RESTART_SITE = 'Redémarrez le site. Si cela reste, réinstallez Ruche.'
const INSTALL_SETTINGS = 'Installez le fichier de réglages du noyau livré avec Ruche.'

/** What the doctor says, in French: promises, what to do, and what was seen. */
export const checkTexts: readonly ServerText[] = [
  // Announcements.
  ['There are too many announcements.', 'Il y a trop d’annonces.'],
  ['Remove one that has ended.', 'Retirez-en une qui est terminée.'],
  ['There is no such announcement.', 'Cette annonce n’existe pas.'],
  ['This end is over.', 'Cette fin est passée.'],
  // Promises.
  [
    'A throw-away container is refused everything that is forbidden',
    'Un conteneur d’essai se voit refuser tout ce qui est interdit',
  ],
  ['The processes of a throw-away container are confined', 'Les processus d’un conteneur d’essai sont confinés'],
  ['Every process of every running site is confined', 'Chaque processus de chaque site en marche est confiné'],
  [
    'No running site owns a namespace but its own users',
    'Aucun site en marche ne possède d’autre espace de noms que celui de ses utilisateurs',
  ],
  [
    'Every running site has ceilings below the tables of the kernel',
    'Chaque site en marche a des plafonds en dessous des tables du noyau',
  ],
  [
    'Files of the kernel are read-only or hidden in every running site',
    'Les fichiers du noyau sont en lecture seule ou cachés dans chaque site en marche',
  ],
  [
    'Every site has a range of user ids that nobody else has',
    'Chaque site a une plage d’identifiants que personne d’autre n’a',
  ],
  ['The kernel holds every running site to its limits', 'Le noyau tient chaque site en marche à ses limites'],
  ['The template of every site is there', 'Le modèle de chaque site est là'],
  ['The firewall is loaded, exactly as it was made', 'Le pare-feu est chargé, exactement comme il a été fait'],
  ['The bridge of the sites is as it should be', 'Le pont des sites est comme il doit être'],
  [
    'Every running site is alone on its cable, and its neighbours are fixed',
    'Chaque site en marche est seul sur son câble, et ses voisins sont fixés',
  ],
  ['The kernel believes nothing that comes over the bridge', 'Le noyau ne croit rien de ce qui vient du pont'],
  [
    'Nobody changed the network of the sites in the last hour',
    'Personne n’a changé le réseau des sites dans la dernière heure',
  ],
  ['The table of tracked connections has room', 'La table des connexions suivies a de la place'],
  ['The name server of the sites answers', 'Le serveur de noms des sites répond'],
  [
    'The front proxy runs as its own user with one capability',
    'Le serveur frontal tourne sous son propre utilisateur avec une seule capacité',
  ],
  [
    'The front proxy serves exactly what was made for it',
    'Le serveur frontal sert exactement ce qui a été fait pour lui',
  ],
  ['The front proxy refuses names that are not of here', 'Le serveur frontal refuse les noms qui ne sont pas d’ici'],
  [
    'Certificates are valid, for the right names and for long enough',
    'Les certificats sont valables, pour les bons noms et assez longtemps',
  ],
  [
    'Copies of backups arrive elsewhere and can be read back',
    'Les copies des sauvegardes arrivent ailleurs et peuvent être relues',
  ],
  ['The directory answers over a protected connection', 'L’annuaire répond par une connexion protégée'],
  [
    'Folders, sockets and settings of Ruche have the right owners and modes',
    'Les dossiers, sockets et réglages de Ruche ont les bons propriétaires et modes',
  ],
  ['Images of sites are for root alone', 'Les images des sites sont à root seul'],
  ['Keys and the register can be read by nobody else', 'Personne d’autre ne peut lire les clés et le registre'],
  ['Nobody but root can change a template', 'Personne sauf root ne peut changer un modèle'],
  ['The agent answers', 'L’agent répond'],
  ['The server answers, and runs without power', 'Le serveur répond, et tourne sans pouvoir'],
  ['Every site is what it should be', 'Chaque site est ce qu’il doit être'],
  ['The kernel can do what containers need', 'Le noyau sait faire ce qu’il faut aux conteneurs'],
  ['Tables that all sites share are large enough', 'Les tables que tous les sites partagent sont assez grandes'],
  ['The kernel is hardened against its own users', 'Le noyau est durci contre ses propres utilisateurs'],
  ['Kernel settings are as advised', 'Les réglages du noyau sont ceux conseillés'],
  ['The disk can hold what was promised to sites', 'Le disque peut tenir ce qui a été promis aux sites'],
  ['The clock is right', 'L’horloge est juste'],
  [
    "Debian's own nginx and slapd do not start beside Ruche",
    'Les nginx et slapd de Debian ne démarrent pas à côté de Ruche',
  ],

  // What to do.
  [
    'Install Ruche again from a source you trust, and restart the sites.',
    'Réinstallez Ruche d’une source sûre, et redémarrez les sites.',
  ],
  [
    'End what was put there, restart the site, and find out who put it there.',
    'Terminez ce qui y a été mis, redémarrez le site, et cherchez qui l’y a mis.',
  ],
  ['Restart the site. If it stays so, install Ruche again.', RESTART_SITE],
  [
    'Stop both sites, give one its range back in its spec.json from a backup, and restart Ruche.',
    'Arrêtez les deux sites, rendez à l’un sa plage dans son spec.json à partir d’une sauvegarde, et redémarrez Ruche.',
  ],
  [
    'Restart Ruche: it sets the limits of every running site again.',
    'Redémarrez Ruche : il remet les limites de chaque site en marche.',
  ],
  [
    'Build it again on the page of templates, or with ruche template build.',
    'Construisez-le de nouveau à la page des modèles, ou avec ruche template build.',
  ],
  ['Ruche mends this by itself within 30 s. When it comes back, find out which program changes it.', MEND_ITSELF],
  [
    'Find out what changed it: another firewall program, a script, a person.',
    'Cherchez ce qui l’a changé : un autre programme de pare-feu, un script, une personne.',
  ],
  [
    'Look which site or visitor opens so many connections, or make the table larger.',
    'Voyez quel site ou visiteur ouvre tant de connexions, ou agrandissez la table.',
  ],
  [
    'Set network.resolvers in ruche.toml to a name server that this machine reaches.',
    'Donnez à network.resolvers dans ruche.toml un serveur de noms que cette machine atteint.',
  ],
  [
    'End the wrong process: Ruche starts the right one by itself.',
    'Terminez le mauvais processus : Ruche démarre le bon tout seul.',
  ],
  [
    'Ruche makes it again within 30 s. When it comes back, the log of the server says why.',
    'Ruche la refait en 30 s. Si cela revient, le journal du serveur dit pourquoi.',
  ],
  [
    'End what else listens on these ports, and restart Ruche.',
    'Terminez ce qui écoute d’autre sur ces ports, et redémarrez Ruche.',
  ],
  [
    'Ruche makes new ones by itself within 30 s. When it does not, the log of the server says why.',
    'Ruche en fait de nouveaux tout seul en 30 s. Sinon, le journal du serveur dit pourquoi.',
  ],
  [
    'Look at the section backup of ruche.toml, and at the machine that keeps them. Ruche tries again by itself.',
    'Regardez la section backup de ruche.toml, et la machine qui les garde. Ruche réessaie de lui-même.',
  ],
  [
    'Look at the section directory of ruche.toml, and at the directory itself.',
    'Regardez la section directory de ruche.toml, et l’annuaire lui-même.',
  ],
  [
    'Restart Ruche: each start sets owner and mode of its folders. Find out who changed them.',
    'Redémarrez Ruche : chaque démarrage remet propriétaire et mode de ses dossiers. Cherchez qui les a changés.',
  ],
  [
    'Set owner root and mode 0600, 0700 for folders. Somebody may have read the data of the site meanwhile.',
    'Remettez le propriétaire root et le mode 0600, 0700 pour les dossiers. Quelqu’un a pu lire les données du site entre-temps.',
  ],
  [
    'Set owner and mode back. What was open may have been read: think of new keys.',
    'Remettez propriétaire et mode. Ce qui était ouvert a pu être lu : pensez à de nouvelles clés.',
  ],
  [
    'Remove the template and build it again: somebody may have changed it.',
    'Supprimez le modèle et reconstruisez-le : quelqu’un a pu le changer.',
  ],
  ['Start Ruche. The log of the agent says why.', 'Démarrez Ruche. Le journal de l’agent dit pourquoi.'],
  ['Start Ruche. The log of the server says why.', 'Démarrez Ruche. Le journal du serveur dit pourquoi.'],
  [
    'Look at the page of the site: it says why it does not run.',
    'Regardez la page du site : elle dit pourquoi il ne tourne pas.',
  ],
  ['Use the kernel of Debian 12 or a later one.', 'Prenez le noyau de Debian 12 ou un plus récent.'],
  ['Install the file of kernel settings that comes with Ruche.', INSTALL_SETTINGS],
  [
    'Install the file of kernel settings that comes with Ruche, if nothing else on this machine needs it otherwise.',
    'Installez le fichier de réglages du noyau livré avec Ruche, si rien d’autre sur cette machine n’en a besoin autrement.',
  ],
  [
    'Add disk space, or delete what is not needed. A full disk stops all sites.',
    'Ajoutez de l’espace disque, ou supprimez l’inutile. Un disque plein arrête tous les sites.',
  ],
  [
    'Install a time service, as systemd-timesyncd or chrony.',
    'Installez un service de temps, comme systemd-timesyncd ou chrony.',
  ],
  [
    'Switch them off: they would take ports of Ruche at the next start of the machine.',
    'Désactivez-les : ils prendraient des ports de Ruche au prochain démarrage de la machine.',
  ],

  // Why nobody could look.
  ['no template was built yet', 'aucun modèle n’a encore été construit'],
  ['no time service says that the clock is right', 'aucun service de temps ne dit que l’horloge est juste'],
  ['this machine has no systemd', 'cette machine n’a pas systemd'],
  ['the agent does not answer', 'l’agent ne répond pas'],
  ['the server does not answer', 'le serveur ne répond pas'],
  ['the users of Ruche are not on this machine', 'les utilisateurs de Ruche ne sont pas sur cette machine'],
  ['the kernel tracks no connections', 'le noyau ne suit aucune connexion'],
  ['the front proxy was not set up yet', 'le serveur frontal n’a pas encore été mis en place'],
  ['nothing listens there', 'rien n’y écoute'],
  [/^this kernel has no (.+)$/, (names) => `ce noyau n’a pas ${names}`],

  // What was seen.
  ['a namespace of the site', 'un espace de noms du site'],
  ['owned by the site', 'au site'],
  ['owned by the host', 'à la machine'],
  ['a container', 'un conteneur'],
  ['no process', 'aucun processus'],
  ['covered', 'caché'],
  ['changed', 'changé'],
  ['as it was made', 'comme il a été fait'],
  ['an answer', 'une réponse'],
  ['no answer', 'pas de réponse'],
  ['a certificate', 'un certificat'],
  ['something', 'quelque chose'],
  ['nothing', 'rien'],
  ['done', 'fait'],
  ['enabled', 'activé'],
  ['disabled', 'désactivé'],
  ['failed', 'en échec'],
  ['running', 'en marche'],
  ['stopped', 'arrêté'],
  ['another key', 'une autre clé'],
  ['another authority', 'une autre autorité'],
  ['the firewall is missing', 'le pare-feu manque'],
  [
    'the rules of the firewall were changed by somebody else',
    'les règles du pare-feu ont été changées par quelqu’un d’autre',
  ],
  [
    /^the set (\S+) of the firewall was changed by somebody else$/,
    (name) => `l’ensemble ${name} du pare-feu a été changé par quelqu’un d’autre`,
  ],
  [/^the (bridge|cable) (\S+) is missing$/, (kind, name) => `${sayKind(kind)} ${name} manque`],
  [/^the (bridge|cable) (\S+) is down$/, (kind, name) => `${sayKind(kind)} ${name} est éteint`],
  [/^(\S+) of (\S+) is wrong$/, (flag, name) => `${flag} de ${name} est faux`],
  [/^(\S+) is not on the bridge$/, (name) => `${name} n’est pas sur le pont`],
  [/^the bridge does not know (\S+) behind (\S+)$/, (mac, name) => `le pont ne connaît pas ${mac} derrière ${name}`],
  [/^the neighbour (\S+) is missing$/, (address) => `le voisin ${address} manque`],
  [/^(net\.\S+) is not (\S+)$/, (name, value) => `${name} n’est pas ${value}`],
]

function sayKind(kind: string | undefined): string {
  return kind === 'bridge' ? 'le pont' : 'le câble'
}
