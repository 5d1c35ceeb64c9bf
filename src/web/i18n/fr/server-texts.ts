import { findServerText, type ServerText } from '../server-texts.js'
import { checkTexts } from './check-texts.js'

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
const inner = (text: string): string => findServerText(serverTexts, text) ?? text

const DOING: Record<string, string> = {
  creating: 'le crée',
  starting: 'le démarre',
  stopping: 'l’arrête',
  restarting: 'le redémarre',
  deleting: 'le supprime',
  destroying: 'le supprime',
  unpacking: 'y décompresse une archive',
}

/** What the server, the agent and the model say to people, in French. What is missing here is shown in English. */
export const serverTexts: readonly ServerText[] = [
  ['student', 'élève'],
  ['teacher', 'enseignant'],
  ['administrator', 'administrateur'],
  ['guest', 'invité'],

  // Certificates that owners bring along.
  [/^(chain|key): (.+)$/, (path, what) => `${path === 'key' ? 'clé' : 'chaîne'} : ${inner(what)}`],
  ['no certificate is in it', 'il n’y a aucun certificat'],
  ['it has a passphrase: give it without one', 'elle a une phrase secrète : donnez-la sans'],
  ['it is no private key in PEM', 'ce n’est pas une clé privée en PEM'],
  ['a private key is in it: that belongs into the other field', 'il y a une clé privée : elle va dans l’autre champ'],
  [/^at most (\d+) certificates$/, (n) => `${n} certificats au plus`],
  ['it cannot be read as certificates in PEM', 'cela ne se lit pas comme des certificats en PEM'],
  [
    'keys must be RSA of 2048 to 4096 bits, or on the curves P-256 or P-384',
    'les clés doivent être RSA de 2048 à 4096 bits, ou sur les courbes P-256 ou P-384',
  ],
  [
    'the first one must be the certificate of the name, not that of an authority',
    'le premier doit être le certificat du nom, non celui d’une autorité',
  ],
  ['it does not belong to the certificate', 'elle ne va pas avec le certificat'],
  [/^the certificate is not for (\S+)$/, (name) => `le certificat n’est pas pour ${name}`],
  ['the certificate is not for web servers', 'le certificat n’est pas pour des serveurs web'],
  [
    'the certificate of its authority is missing: add it below',
    'le certificat de son autorité manque : ajoutez-le dessous',
  ],
  [
    /^certificate (\d+) did not sign the one before it$/,
    (n) => `le certificat ${n} n’a pas signé celui qui le précède`,
  ],
  ['it does not count yet: look at its first day', 'il n’est pas encore valable : voyez son premier jour'],
  ['it has ended, or ends within a day', 'il est périmé, ou le sera dans la journée'],
  [/^OpenSSL refuses it \((.+)\)$/, (code) => `OpenSSL le refuse (${code})`],
  [/^(\S+) is not proven yet\.$/, (name) => `${name} n’est pas encore prouvé.`],
  ['Prove that it is yours first.', 'Prouvez d’abord qu’il est à vous.'],
  [/^No certificate of your own is served for (\S+)\.$/, (name) => `Aucun certificat à vous n’est servi pour ${name}.`],
  [
    'It ends soon: upload another, or the platform’s own is served from its last day on.',
    'Il se termine bientôt : apportez-en un autre, sinon celui de la plateforme est servi dès son dernier jour.',
  ],

  // People, keys, tokens.
  ['Only who shares the site may remove somebody else.', 'Seul qui partage le site peut en retirer quelqu’un d’autre.'],
  ['Your right on this site does not go that far.', 'Votre droit sur ce site ne va pas jusque-là.'],
  [
    /^(\S+), whose site it is, can give you another\.$/,
    (who) => `${who}, à qui est le site, peut vous en donner un autre.`,
  ],
  ['login: the site is theirs', 'identifiant : le site est déjà à cette personne'],
  ['the site is theirs', 'le site est déjà à cette personne'],
  [
    /^A site can be shared with (\d+) people at most\.$/,
    (n) => `Un site peut être partagé avec ${n} personnes au plus.`,
  ],
  [/^(\S+) is not shared with (\S+)\.$/, (site, who) => `${site} n’est pas partagé avec ${who}.`],
  [
    /^login: the directory knows nobody called (\S+)$/,
    (who) => `identifiant : l’annuaire ne connaît personne du nom de ${who}`,
  ],
  ['You have this key already.', 'Vous avez déjà cette clé.'],
  [/^You have (\d+) keys already; remove one first\.$/, (n) => `Vous avez déjà ${n} clés ; retirez-en une d’abord.`],
  [/^You have (\d+) tokens already; remove one first\.$/, (n) => `Vous avez déjà ${n} jetons ; retirez-en un d’abord.`],
  ['There is no such key.', 'Cette clé n’existe pas.'],
  ['There is no such token.', 'Ce jeton n’existe pas.'],
  ['No token may do this: sign in to the panel.', 'Aucun jeton ne peut faire cela : connectez-vous au panneau.'],
  ['This token may only look.', 'Ce jeton ne permet que de regarder.'],
  [/^This token is for the site (\S+) only\.$/, (site) => `Ce jeton ne vaut que pour le site ${site}.`],
  ['a name is needed', 'il faut un nom'],
  ['you have no site of this name', 'vous n’avez pas de site de ce nom'],
  ['site: you have no site of this name', 'site : vous n’avez pas de site de ce nom'],
  ['Nothing was deployed before.', 'Rien n’a été déployé auparavant.'],
  ['It could not be deployed; the log says why.', 'Le déploiement a échoué ; le journal dit pourquoi.'],
  ['Something is being deployed already.', 'Un déploiement est déjà en cours.'],
  ['The repository has no such commit.', 'Le dépôt n’a pas ce commit.'],

  // Names and inputs.
  ['this name is taken', 'ce nom est déjà pris'],
  ['this name is reserved', 'ce nom est réservé'],
  ['This name is taken.', 'Ce nom est déjà pris.'],
  ['This domain name belongs to another site.', 'Ce nom de domaine appartient à un autre site.'],
  ['this name belongs to another site', 'ce nom appartient à un autre site'],
  ['another site has asked for this name', 'un autre site a demandé ce nom'],
  [
    /^this name was somebody else's and is free from (\S+) on$/,
    (day) => `ce nom était à quelqu’un d’autre et sera libre à partir du ${day}`,
  ],
  [
    /^If it is yours, make the record (\S+) TXT "(\S+)", then ask again\.$/,
    (name, value) => `S’il est à vous, créez l’enregistrement ${name} TXT « ${value} », puis redemandez.`,
  ],
  [
    /^With a proof it is free now: make the record (\S+) TXT "(\S+)", then ask again\.$/,
    (name, value) => `Avec une preuve il est libre : créez l’enregistrement ${name} TXT « ${value} », puis redemandez.`,
  ],
  [/^A site has at most (\d+) domain names of its own\.$/, (n) => `Un site a au plus ${n} noms de domaine à lui.`],
  ['only for administrators', 'réservé aux administrateurs'],
  ['Only administrators may vouch for a domain.', 'Seuls les administrateurs peuvent se porter garants d’un domaine.'],
  ['is no name under which the site is served', 'n’est pas un nom sous lequel le site est servi'],

  // What DNS says about a domain.
  [/^The name servers of (\S+) have the record\.$/, (zone) => `Les serveurs de noms de ${zone} ont l’enregistrement.`],
  [
    /^The record (\S+) is there, but it says “(.*)”\.$/,
    (name, text) => `L’enregistrement ${name} est là, mais il dit « ${text} ».`,
  ],
  [
    /^The name servers of (\S+) do not have the record (\S+)\.$/,
    (zone, name) => `Les serveurs de noms de ${zone} n’ont pas l’enregistrement ${name}.`,
  ],
  [
    /^The name servers of (\S+) do not have the record (\S+)\. (\d+) of (\d+) did not answer\.$/,
    (zone, name, silent, asked) =>
      `Les serveurs de noms de ${zone} n’ont pas l’enregistrement ${name}. ${silent} sur ${asked} n’ont pas répondu.`,
  ],
  [/^The name servers of (\S+) do not answer\.$/, (zone) => `Les serveurs de noms de ${zone} ne répondent pas.`],
  [
    /^Nobody could say which name servers answer for (\S+)\.$/,
    (name) => `Personne n’a pu dire quels serveurs de noms répondent pour ${name}.`,
  ],
  ['No name server could be asked.', 'Aucun serveur de noms n’a pu être interrogé.'],
  ['The name leads to this server.', 'Le nom mène à ce serveur.'],
  ['Nobody could say where the name leads.', 'Personne n’a pu dire où mène le nom.'],
  [
    /^The name has no address yet\. It needs: (.*)\.$/,
    (wanted) => `Le nom n’a pas encore d’adresse. Il lui faut : ${wanted}.`,
  ],
  [
    /^The name leads to (.*)\. It needs: (.*)\.$/,
    (found, wanted) => `Le nom mène à ${found}. Il lui faut : ${wanted}.`,
  ],
  ['The ACME server does not answer.', 'Le serveur ACME ne répond pas.'],
  [
    /^A certificate for (\S+) needs DNS that Ruche may change: see \[dns\]\.$/,
    (name) => `Un certificat pour ${name} demande un DNS que Ruche peut modifier : voir [dns].`,
  ],
  [/^Nobody could say where (\S+) leads\.$/, (name) => `Personne n’a pu dire où mène ${name}.`],
  [/^(\S+) has no address yet\.$/, (name) => `${name} n’a pas encore d’adresse.`],
  [
    /^(\S+) leads to (.*), which is not this machine\.$/,
    (name, found) => `${name} mène à ${found}, qui n’est pas cette machine.`,
  ],
  ['this is the address of the panel', 'c’est l’adresse du panneau'],
  ['the platform is below this name', 'la plateforme est sous ce nom'],
  [/^names below (\S+) are given by the platform$/, (base) => `les noms sous ${base} sont donnés par la plateforme`],
  ['it is there twice', 'il y est deux fois'],
  ['a domain name is needed', 'il faut un nom de domaine'],
  ['a wildcard cannot be used', 'un joker ne peut pas être utilisé'],
  ['only the name, without http://, port or path', 'seulement le nom, sans http://, port ni chemin'],
  ['this is not a domain name', 'ce n’est pas un nom de domaine'],
  ['at most 253 characters', 'au plus 253 caractères'],
  ['at least two parts are needed, as in example.org', 'il faut au moins deux parties, comme dans example.org'],
  ['an address cannot be used', 'une adresse ne peut pas être utilisée'],
  ['not a sign-in name', 'ce n’est pas un identifiant'],
  ['must be you', 'ce doit être vous'],
  [
    'use 1 to 64 capital letters, digits and underscores, starting with a letter',
    '1 à 64 majuscules, chiffres et tirets bas, en commençant par une lettre',
  ],
  ['the platform gives this variable itself', 'la plateforme donne elle-même cette variable'],
  [
    'this variable is for the system itself: set it where your program is started',
    'cette variable est pour le système lui-même : donnez-la là où votre programme est démarré',
  ],
  ['at most 100 variables', '100 variables au plus'],
  ['at most 128 KiB of variables', '128 Kio de variables au plus'],
  [
    'The variables of the site cannot be read: they were sealed with another key.',
    'Les variables du site ne peuvent pas être lues : elles ont été scellées avec une autre clé.',
  ],
  ['not a text', 'ce n’est pas un texte'],
  [
    'use 2 to 41 lower-case letters, digits and single hyphens, starting with a letter',
    '2 à 41 minuscules, chiffres et traits d’union isolés, en commençant par une lettre',
  ],
  [/^A key cannot be used: (.+)\.$/, (problem) => `Une clé ne peut pas être utilisée : ${inner(problem)}.`],
  ['it begins with its type, as in ssh-ed25519 AAAA…', 'elle commence par son type, comme dans ssh-ed25519 AAAA…'],
  [
    'this is a private key: paste the file that ends in .pub',
    'c’est une clé privée : collez le fichier qui finit par .pub',
  ],
  ['it is not whole', 'elle n’est pas entière'],
  ['an RSA key needs at least 2048 bits', 'une clé RSA a besoin d’au moins 2048 bits'],
  ['it is not of the type that it says', 'elle n’est pas du type qu’elle annonce'],

  ['is missing', 'manque'],
  ['is not valid', 'n’est pas valable'],
  ['must be text', 'doit être un texte'],
  ['must be a number', 'doit être un nombre'],
  ['must be a whole number', 'doit être un nombre entier'],
  [/^must be at most (\d+) characters long$/, (most) => `${most} caractères au plus`],
  [/^must be at (most|least) (\d+)$/, (which, bound) => `doit être ${bound} au ${which === 'most' ? 'plus' : 'moins'}`],

  // How a site is served.
  ['a password is needed', 'il faut un mot de passe'],
  ['must be on where not everybody may look', 'doit être actif là où tout le monde ne peut pas regarder'],
  ['only for a site that everybody may see', 'seulement pour un site que tout le monde peut voir'],
  ['only together with HTTPS for every visit', 'seulement avec HTTPS pour chaque visite'],
  ['this is no address and no network, as in 192.0.2.0/24', 'ce n’est ni une adresse ni un réseau, comme 192.0.2.0/24'],
  ['begins with one /, as in /old-page', 'commence par un seul /, comme /ancienne-page'],
  ['only the path, without ? and #', 'seulement le chemin, sans ? ni #'],
  ['a * can only stand at the end', 'une * ne peut être qu’à la fin'],
  ['a * here needs one at the end of the other address', 'une * ici en demande une à la fin de l’autre adresse'],
  ['it would lead back to itself', 'elle mènerait à elle-même'],
  ['it has a character that cannot be used here', 'elle contient un caractère inutilisable ici'],
  [
    'is a path, as in /new-page, or an address, as in https://example.org/',
    'est un chemin, comme /nouvelle-page, ou une adresse, comme https://example.org/',
  ],
  ['has a character that cannot be shown', 'contient un caractère qui ne peut pas être montré'],
  ['up to 32 letters, digits and . _ -', '32 lettres, chiffres et . _ - au plus'],
  [/^the directory has no group (.+?)\.?$/, (group) => `l’annuaire n’a pas de groupe ${group}`],
  ['is a path, as in /page, or an address of the site', 'est un chemin, comme /page, ou une adresse du site'],
  ['This site is for other people.', 'Ce site est pour d’autres personnes.'],
  ['Its owner decides who may see it.', 'Son propriétaire décide qui peut le voir.'],
  ['There is no site at this address that asks who you are.', 'Aucun site à cette adresse ne demande qui vous êtes.'],

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

  // Files.
  ['The site does not run.', 'Le site ne tourne pas.'],
  ['Start it first.', 'Démarrez-le d’abord.'],
  ['There is no such file or folder.', 'Ce fichier ou dossier n’existe pas.'],
  ['There is something of that name already.', 'Il y a déjà quelque chose de ce nom.'],
  ['There is something of another kind under that name.', 'Il y a autre chose sous ce nom.'],
  ['That is not a folder.', 'Ce n’est pas un dossier.'],
  ['That is not a regular file.', 'Ce n’est pas un fichier ordinaire.'],
  ["The site's disk is full.", 'Le disque du site est plein.'],
  ["The site's own user may not do that there.", 'L’utilisateur du site n’a pas le droit de faire cela ici.'],
  ['The name is too long.', 'Le nom est trop long.'],
  ["The site's template is too old for that.", 'Le modèle du site est trop ancien pour cela.'],
  [
    'Restart the site; it then gets the newest template of its stack.',
    'Redémarrez le site : il reçoit alors le dernier modèle de sa pile.',
  ],
  ['Another part of this upload was expected.', 'Une autre partie de cet envoi était attendue.'],
  ['The upload broke off.', 'L’envoi s’est interrompu.'],
  ['What arrived is not what was announced.', 'Ce qui est arrivé n’est pas ce qui était annoncé.'],
  ['The file is not as long as was announced.', 'Le fichier n’a pas la longueur annoncée.'],
  ['This is not an archive that can be read.', 'Ce n’est pas une archive lisible.'],
  ['A folder cannot be copied into itself.', 'Un dossier ne peut pas être copié dans lui-même.'],
  ['The session or the right to this site has ended.', 'La session, ou le droit sur ce site, a pris fin.'],
  [
    'The terminal was closed: nothing had been typed for half an hour.',
    'Le terminal a été fermé : rien n’a été tapé depuis une demi-heure.',
  ],
  [/^You have (\d+) terminals already\.$/, (most) => `Vous avez déjà ${most} terminaux.`],
  ['Close one of them.', 'Fermez-en un.'],
  ['This ticket for a terminal is not good any more.', 'Ce ticket de terminal n’est plus valable.'],
  ['The file was changed meanwhile.', 'Le fichier a changé entre-temps.'],
  ['The site did not answer in time.', 'Le site n’a pas répondu à temps.'],
  ['A folder cannot be moved into itself.', 'Un dossier ne peut pas être déplacé dans lui-même.'],
  ['The home itself cannot be removed.', 'Le dossier personnel lui-même ne peut pas être retiré.'],
  [/^The file is too large: (.+)\.$/, () => 'Le fichier est trop gros.'],
  ['Use SFTP for large files.', 'Utilisez SFTP pour les gros fichiers.'],

  // The pages' own, and what has no other words.
  ['Something went wrong inside.', 'Quelque chose s’est mal passé à l’intérieur.'],
  ['The server gave an unexpected answer.', 'Le serveur a donné une réponse inattendue.'],
  [/^The server answered (\d+)\.$/, (status) => `Le serveur a répondu ${status}.`],

  ...checkTexts,

  // A text about one thing: `shop: this name is taken.`
  [/^([^\s:]+): (.+)\.$/, (subject, problem = '') => `${subject} : ${inner(problem)}.`],
]
