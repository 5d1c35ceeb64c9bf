import { REDIRECT_STATUSES, type Redirect } from '../../model/redirect.js'

/** The address as the visitor wrote it is matched and passed on: what nginx decodes could hold line ends, and would end the header. */
export function renderRedirects(redirects: readonly Redirect[]): string {
  return redirects.map(renderRedirect).join('')
}

function renderRedirect({ from, to, status }: Redirect): string {
  if (!REDIRECT_STATUSES.includes(status)) throw new Error(`${status} is no redirect`)
  if (!from.endsWith('*'))
    return `  if ($request_uri ~ "^${pattern(from)}(?:[?]|$)") { return ${status} "${word(to)}"; }\n`
  const target = to.endsWith('*') ? `${word(to.slice(0, -1))}$rest$is_args$args` : word(to)
  return `  if ($request_uri ~ "^${pattern(from.slice(0, -1))}(?<rest>[^?]*)") { return ${status} "${target}"; }\n`
}

/** Text as a pattern that matches only itself, without a backslash, which the quotes would take away. */
function pattern(text: string): string {
  return word(text).replaceAll(/[^A-Za-z0-9/%_~:@!,=&-]/g, (character) => `[${character}]`)
}

/** Nothing that ends the quotes, expands, or breaks the line. */
function word(text: string): string {
  if (/^[A-Za-z0-9._~%/:@!+,=&()*?#-]{0,1000}$/.test(text)) return text
  throw new Error('this is no address that a visitor can be sent to')
}
