import { escapeHtml, PAGE_CSP, renderFrame } from './page-frame.js'
import { VISITOR_SIGNS, VISITOR_WORDS, type VisitorKind, type VisitorLanguage } from './visitor-words.js'

export interface VisitorPage {
  status: number
  html: string
  headers: Record<string, string>
}

interface VisitorPageInput {
  kind: VisitorKind
  siteName: string
  language: VisitorLanguage
  /** In the owner's own words, in place of ours. */
  ownText?: string | undefined
  /** Page of the panel where those who work on the site find the cause; it asks for their right itself. */
  causeUrl?: string | undefined
}

/** RFC 9110 §15; seconds after which a visitor should look again. Nobody knows that of a broken site. */
const ANSWERS: Record<VisitorKind, { status: number; retrySeconds?: number; hasCause?: true }> = {
  stopped: { status: 503, retrySeconds: 300, hasCause: true },
  starting: { status: 503, retrySeconds: 3 },
  broken: { status: 502, hasCause: true },
  full: { status: 503, retrySeconds: 600, hasCause: true },
  unknown: { status: 503, retrySeconds: 60 },
  maintenance: { status: 503, retrySeconds: 300, hasCause: true },
  refused: { status: 403 },
  password: { status: 401 },
  unproven: { status: 404, hasCause: true },
  notFound: { status: 404 },
  tooOften: { status: 429, retrySeconds: 10 },
  tooLarge: { status: 413 },
}

/** The page that visitors see in place of a site that does not answer, or that does not answer to them. */
export function renderVisitorPage({ kind, siteName, language, ownText = '', causeUrl }: VisitorPageInput): VisitorPage {
  const { title, text, advice } = VISITOR_WORDS[language][kind]
  const { status, retrySeconds, hasCause } = ANSWERS[kind]
  const name = escapeHtml(siteName)
  const said = ownText === '' ? `<p>${text}</p>\n<p class="soft">${advice}</p>` : `<p>${asLines(ownText)}</p>`
  const html = renderFrame({
    language,
    title: `${title} · ${name}`,
    mood: kind,
    sign: VISITOR_SIGNS[kind],
    content: `<p class="name">${name}</p>\n<h1>${title}</h1>\n${said}`,
    footer: hasCause && causeUrl !== undefined ? `${renderCause(causeUrl, language)} · Ruche` : 'Ruche',
    ...(kind === 'starting' && { refreshSeconds: retrySeconds ?? 3 }),
  })
  return {
    status,
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'content-security-policy': PAGE_CSP,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      vary: 'accept-language',
      ...(retrySeconds !== undefined && { 'retry-after': String(retrySeconds) }),
    },
  }
}

const CAUSE = { en: 'Is it yours? See why', fr: 'C’est le vôtre ? Voir pourquoi' }

// The same link for everybody: who is signed in on the panel is not known here, and must not be.
function renderCause(url: string, language: VisitorLanguage): string {
  return `<a href="${escapeHtml(url)}" rel="noreferrer">${CAUSE[language]}</a>`
}

const asLines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>')
