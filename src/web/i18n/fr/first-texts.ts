import { type ServerText, translateServerText } from '../server-texts.js'

/** Quantities inside a text: `512 MiB of memory`. */
function sayQuantity(text: string): string {
  return text
    .replace(/(\d)\.(\d)/g, '$1,$2')
    .replace(/([KMGT])iB/g, '$1io')
    .replace(' cores', ' cœurs')
    .replace(' of memory', ' de mémoire')
    .replace(' of disk', ' de disque')
}

/** A part of a text that is itself one of ours, or stays as it is. */
const inner = (text: string): string => translateServerText(text, 'fr') ?? text

const DOING: Record<string, string> = {
  creating: 'le crée',
  starting: 'le démarre',
  stopping: 'l’arrête',
  restarting: 'le redémarre',
  deleting: 'le supprime',
  destroying: 'le supprime',
  unpacking: 'y décompresse une archive',
}

/** What the server, the agent and the model may say on every page, in French. What is missing in all tables is shown in English. */
export const firstTexts: readonly ServerText[] = [
  ['student', 'élève'],
  ['teacher', 'enseignant'],
  ['administrator', 'administrateur'],
  ['guest', 'invité'],

  // Rights.
  ['You may not create sites.', 'Vous ne pouvez pas créer de site.'],
  ['Ask an administrator to allow it.', 'Demandez-le à un administrateur.'],
  ['Only administrators may do this.', 'Seuls les administrateurs peuvent faire cela.'],
  [
    'Only administrators may create a site for somebody else.',
    'Seuls les administrateurs peuvent créer un site pour quelqu’un d’autre.',
  ],
  ['This site belongs to somebody else.', 'Ce site appartient à quelqu’un d’autre.'],
  ['What is in a site is its owner’s alone.', 'Le contenu d’un site n’appartient qu’à son propriétaire.'],
  ['There is no site of this name.', 'Il n’y a pas de site de ce nom.'],
  [/^There is no site called (\S+)\.$/, (name) => `Il n’y a pas de site nommé ${name}.`],
  [/^The directory knows nobody called (.+)\.$/, (login) => `L’annuaire ne connaît personne du nom de ${login}.`],
  ['Nobody can have this name.', 'Personne ne peut porter ce nom.'],
  ['This page is out of date.', 'Cette page n’est plus à jour.'],
  ['Reload it and try again.', 'Rechargez-la et réessayez.'],
  [
    /^The quota of (\S+) does not allow this: (.+)\.$/,
    (owner, problems) => `Le quota de ${owner} ne le permet pas : ${problems?.split(', ').map(inner).join(', ')}.`,
  ],
  [
    /^(.+) where (.+) may be had$/,
    (wanted = '', most = '') => `${sayQuantity(wanted)} pour ${sayQuantity(most)} au plus`,
  ],
  [
    'Make it smaller, delete another site, or ask an administrator for more.',
    'Réduisez-le, supprimez un autre site, ou demandez plus à un administrateur.',
  ],

  // The directory.
  ['The directory does not answer.', 'L’annuaire ne répond pas.'],
  ['Try again in a moment. Sites go on running meanwhile.', 'Réessayez dans un instant. Les sites tournent toujours.'],
  [
    'The directory has not answered for a while, so nothing can be changed now.',
    'L’annuaire ne répond plus depuis un moment : rien ne peut être changé pour l’instant.',
  ],

  // What runs the sites.
  [
    /^(\S+) is busy: (\S+) is (\S+).*\.$/,
    (name, by, doing = '') => `${name} est occupé : ${by} ${DOING[doing] ?? 'y travaille'}.`,
  ],
  [/^(\S+) is being (\S+)\.$/, (name) => `${name} est en cours de changement.`],
  ['Wait until that has ended.', 'Attendez que ce soit fini.'],
  ['Try again in a moment.', 'Réessayez dans un instant.'],
  ['The part that runs the sites does not answer.', 'La partie qui fait tourner les sites ne répond pas.'],
  ['Its container is missing.', 'Son conteneur manque.'],
  [/^The agent does not answer \((.+)\)\.$/, (detail) => `L’agent ne répond pas (${detail}).`],
  [
    'Sites keep running without it. See whether the platform is up: ruche status.',
    'Les sites tournent sans lui. Voyez si la plateforme est en marche : ruche status.',
  ],
  ['It was cancelled.', 'C’est annulé.'],
  ['This operation cannot be cancelled.', 'Cette opération ne peut pas être annulée.'],
  ['This operation has ended.', 'Cette opération est finie.'],
  [
    'The container ended while its services started.',
    'Le conteneur s’est terminé pendant le démarrage de ses services.',
  ],
  [
    /^The service (\S+) of the recipe (\S+) did not answer in time \((.+)\)\.$/,
    (service, recipe, reason) => `Le service ${service} de la recette ${recipe} n’a pas répondu à temps (${reason}).`,
  ],
  ["The site's log says why.", 'Le journal du site dit pourquoi.'],
  [
    /^The container's services did not answer in time \((.+)\)\.$/,
    (reason) => `Les services du conteneur n’ont pas répondu à temps (${reason}).`,
  ],
  [
    'The new settings could not be given to the running site.',
    'Les nouveaux réglages n’ont pas pu être donnés au site en marche.',
  ],
  ['They hold from its next start on.', 'Ils vaudront dès son prochain démarrage.'],
  ['the site uses more memory than the new limit', 'le site utilise plus de mémoire que la nouvelle limite'],
  ['Stop the site, change the limit, start it again.', 'Arrêtez le site, changez la limite, redémarrez-le.'],
  [/^diskBytes: (.+)$/, (problem) => `Disque : ${inner(problem)}`],
  [
    /^The disk of the host cannot promise (.+) more\.$/,
    (size = '') => `Le disque de la machine ne peut pas promettre ${sayQuantity(size)} de plus.`,
  ],
  [/^No template of (\S+) was built yet\.$/, (stack) => `Aucun modèle de ${stack} n’a encore été construit.`],
  [/^The template is in use by (.+)\.$/, (names) => `Le modèle est utilisé par ${names}.`],
  ['The platform is going down.', 'La plateforme est en train de s’arrêter.'],

  // The pages' own, and what has no other words.
  ['Something went wrong inside.', 'Quelque chose s’est mal passé à l’intérieur.'],
  ['The server gave an unexpected answer.', 'Le serveur a donné une réponse inattendue.'],
  [/^The server answered (\d+)\.$/, (status) => `Le serveur a répondu ${status}.`],

  // A text about one thing: `shop: this name is taken.`
  [/^([^\s:]+): (.+)\.$/, (subject, problem = '') => `${subject} : ${inner(problem)}.`],
]
