import { escapeHtml, PAGE_CSP, renderFrame } from './page-frame.js'
import { VISITOR_SIGNS, VISITOR_WORDS, type VisitorKind, type VisitorLanguage } from './visitor-words.js'

export interface VisitorPage {
  status: number
  html: string
  headers: Record<string, string>
}

/** Seconds after which a visitor should look again. A broken site has none: nobody knows. */
const RETRY_SECONDS: Record<VisitorKind, number | undefined> = {
  stopped: 300,
  starting: 3,
  broken: undefined,
  unknown: 60,
}

/** The page that visitors see in place of a site that does not answer. 503, or 502 when the site is broken (RFC 9110 §15.6). */
export function renderVisitorPage({
  kind,
  siteName,
  language,
}: {
  kind: VisitorKind
  siteName: string
  language: VisitorLanguage
}): VisitorPage {
  const { title, text, advice } = VISITOR_WORDS[language][kind]
  const retrySeconds = RETRY_SECONDS[kind]
  const name = escapeHtml(siteName)
  const html = renderFrame({
    language,
    title: `${title} · ${name}`,
    mood: kind,
    sign: VISITOR_SIGNS[kind],
    content: `<p class="name">${name}</p>\n<h1>${title}</h1>\n<p>${text}</p>\n<p class="soft">${advice}</p>`,
    footer: 'Ruche',
    ...(kind === 'starting' && { refreshSeconds: RETRY_SECONDS.starting ?? 3 }),
  })
  return {
    status: kind === 'broken' ? 502 : 503,
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
