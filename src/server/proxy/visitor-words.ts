export const VISITOR_KINDS = ['stopped', 'starting', 'broken', 'unknown'] as const
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
  },
}

/** A switch, a start key, an exclamation mark, a question mark, around (88, 76). */
export const VISITOR_SIGNS: Record<VisitorKind, string> = {
  stopped: 'M88 63v11M79.5 68.5a11.5 11.5 0 1 0 17 0',
  starting: 'M83.5 66.5l13 9.5l-13 9.5z',
  broken: 'M88 63v14M88 87.5v.1',
  unknown: 'M80.5 71a7.5 7.5 0 1 1 11 6.6c-2.5 1.4-3.5 2.4-3.5 4.9M88 89.5v.1',
}
