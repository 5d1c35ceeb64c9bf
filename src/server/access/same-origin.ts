import { AppError } from '../../model/errors.js'

interface Headers {
  origin?: string | undefined
  'sec-fetch-site'?: string | string[] | undefined
}

/**
 * Refuses a request that another site's page made the browser send. Hosted sites are same-site with the panel, so cookies' SameSite does not
 * help; the browser's own word does (Fetch Metadata; RFC 6454 §7). A program that is no browser sends neither header.
 */
export function checkSameOrigin(headers: Headers, origin: string): void {
  const fetchSite = headers['sec-fetch-site']
  const isForeign =
    (headers.origin !== undefined && headers.origin !== origin) ||
    (fetchSite !== undefined && fetchSite !== 'same-origin')
  if (isForeign) throw new AppError('forbidden', 'This request came from another site’s page.')
}
