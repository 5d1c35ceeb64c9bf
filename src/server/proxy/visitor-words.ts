export const VISITOR_KINDS = [
  'stopped',
  'starting',
  'broken',
  'full',
  'unknown',
  'maintenance',
  'refused',
  'password',
  'unproven',
  'notFound',
  'tooOften',
  'tooLarge',
] as const
export type VisitorKind = (typeof VISITOR_KINDS)[number]
export type VisitorLanguage = 'en' | 'fr'

export interface VisitorWords {
  title: string
  /** What is so, for anybody. */
  text: string
  /** What one can do. */
  advice: string
}

/** What visitors read in place of a site that does not answer: polite, true, and nothing that only its owner should know. */
export const VISITOR_WORDS: Record<VisitorLanguage, Record<VisitorKind, VisitorWords>> = {
  en: {
    stopped: {
      title: 'This site is switched off',
      text: 'It is not there for the moment, and nothing is lost.',
      advice: 'Its owner can start it again at any time. Please come back later.',
    },
    starting: {
      title: 'This site is starting',
      text: 'It will be there in a few seconds.',
      advice: 'This page looks again by itself; there is nothing to do.',
    },
    broken: {
      title: 'This site has a problem',
      text: 'It is switched on, but it does not answer as it should.',
      advice: 'Please try again in a moment. Its owner finds the cause on the page of the site.',
    },
    unknown: {
      title: 'This site cannot be reached',
      text: 'We cannot tell at the moment whether it is there.',
      advice: 'Please try again in a few minutes.',
    },
    full: {
      title: 'This site has run out of room',
      text: 'Its storage is full, so that it cannot work as it should.',
      advice: 'Please come back later. Its owner can make room, or ask for more.',
    },
    maintenance: {
      title: 'This site is being worked on',
      text: 'It will be back soon.',
      advice: 'Please come back later.',
    },
    refused: {
      title: 'This site is not open to you',
      text: 'Its owner decides who may see it, and from where.',
      advice: 'If you think that you should, ask its owner.',
    },
    password: {
      title: 'This site asks for a password',
      text: 'Only who knows it may see the site.',
      advice: 'Load the page again to be asked once more, or ask its owner.',
    },
    unproven: {
      title: 'This address is not set up yet',
      text: 'It leads here, but it has not been shown yet to whom it belongs.',
      advice: 'Please come back later. Its owner finds what is missing on the page of the site.',
    },
    notFound: {
      title: 'There is no site here',
      text: 'Nobody has a site at this address.',
      advice: 'Perhaps it has a typing error, or the site has been removed.',
    },
    tooOften: {
      title: 'Too many requests',
      text: 'This site was asked too often from your connection.',
      advice: 'This site was asked too often from your connection. Please wait a moment.',
    },
    tooLarge: {
      title: 'This is too large',
      text: 'This site does not take files of this size.',
      advice: 'This site does not take files of this size.',
    },
  },
  fr: {
    stopped: {
      title: 'Ce site est éteint',
      text: 'Il n’est pas là pour le moment, et rien n’est perdu.',
      advice: 'Son propriétaire peut le rallumer à tout moment. Merci de revenir plus tard.',
    },
    starting: {
      title: 'Ce site démarre',
      text: 'Il sera là dans quelques secondes.',
      advice: 'Cette page se recharge toute seule ; il n’y a rien à faire.',
    },
    broken: {
      title: 'Ce site a un problème',
      text: 'Il est allumé, mais il ne répond pas comme il le devrait.',
      advice: 'Merci de réessayer dans un instant. Son propriétaire en trouve la cause sur la page du site.',
    },
    unknown: {
      title: 'Ce site est injoignable',
      text: 'Nous ne pouvons pas dire pour le moment s’il est là.',
      advice: 'Merci de réessayer dans quelques minutes.',
    },
    full: {
      title: 'Ce site n’a plus de place',
      text: 'Son espace de stockage est plein ; il ne peut pas fonctionner comme il le devrait.',
      advice: 'Merci de revenir plus tard. Son propriétaire peut faire de la place ou en demander plus.',
    },
    maintenance: {
      title: 'Ce site est en travaux',
      text: 'Il sera bientôt de retour.',
      advice: 'Merci de revenir un peu plus tard.',
    },
    refused: {
      title: 'Ce site ne vous est pas ouvert',
      text: 'Son propriétaire décide qui peut le voir, et d’où.',
      advice: 'Si vous pensez y avoir droit, adressez-vous à son propriétaire.',
    },
    password: {
      title: 'Ce site demande un mot de passe',
      text: 'Seules les personnes qui le connaissent peuvent voir le site.',
      advice: 'Rechargez la page pour le saisir de nouveau, ou demandez-le à son propriétaire.',
    },
    unproven: {
      title: 'Cette adresse n’est pas encore prête',
      text: 'Elle mène ici, mais il n’est pas encore établi à qui elle appartient.',
      advice: 'Merci de revenir plus tard. Son propriétaire voit ce qui manque sur la page du site.',
    },
    notFound: {
      title: 'Il n’y a pas de site ici',
      text: 'Personne n’a de site à cette adresse.',
      advice: 'Elle contient peut-être une faute de frappe, ou le site a été supprimé.',
    },
    tooOften: {
      title: 'Trop de requêtes',
      text: 'Ce site a été demandé trop souvent depuis votre connexion.',
      advice: 'Ce site a été demandé trop souvent depuis votre connexion. Merci de patienter un instant.',
    },
    tooLarge: {
      title: 'C’est trop volumineux',
      text: 'Ce site n’accepte pas de fichier de cette taille.',
      advice: 'Ce site n’accepte pas de fichier de cette taille.',
    },
  },
}

/** Signs of few strokes, around (88, 76): a switch, a start key, an exclamation mark, a question mark and others. */
export const VISITOR_SIGNS: Record<VisitorKind, string> = {
  stopped: 'M88 63v11M79.5 68.5a11.5 11.5 0 1 0 17 0',
  starting: 'M83.5 66.5l13 9.5l-13 9.5z',
  broken: 'M88 63v14M88 87.5v.1',
  full: 'M78 66h20v20h-20zM78 73h20M78 80h20',
  maintenance: 'M80 84l9-9M86 70a6 6 0 0 1 9-3l-4 4 2 3 4-4a6 6 0 0 1-7 8',
  refused: 'M80 75h16v12h-16zM83.5 75v-4a4.5 4.5 0 0 1 9 0v4',
  password: 'M80 75h16v12h-16zM83.5 75v-4a4.5 4.5 0 0 1 9 0v4',
  unproven: 'M88 65v12l7 5M88 63a13 13 0 1 0 .1 0',
  notFound: 'M86 82a9 9 0 1 1 .1 0M92.5 79.5l6 7',
  tooOften: 'M88 65v12l7 5M88 63a13 13 0 1 0 .1 0',
  tooLarge: 'M88 86v-20M81 73l7-7 7 7',
  unknown: 'M80.5 71a7.5 7.5 0 1 1 11 6.6c-2.5 1.4-3.5 2.4-3.5 4.9M88 89.5v.1',
}
