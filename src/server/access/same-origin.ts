import { AppError } from '../../model/errors.js'

interface Headers {
  origin?: string | undefined
  'sec-fetch-site'?: string | string[] | undefined
}

/**
 * Refuses a request that another site's page made the browser send. Hosted sites are same-site with the panel, so cookies' SameSite does not
 * help; the browser's own word does (Fetch Metadata; RFC 6454 §7). A program that is no browser sends neither header. Looks are refused too:
 * what a page may not read it could still time or count.
 */
export function checkSameOrigin(headers: Headers, origin: string, kind: 'change' | 'look'): void {
  const fetchSite = headers['sec-fetch-site']
  const isOwn = fetchSite === undefined || fetchSite === 'same-origin'
  // `none`: the person opened the address; nobody's page did.
  const isOpened = kind === 'look' && fetchSite === 'none'
  const isForeign = (headers.origin !== undefined && headers.origin !== origin) || !(isOwn || isOpened)
  if (isForeign) throw new AppError('forbidden', 'This request came from another site’s page.')
}
