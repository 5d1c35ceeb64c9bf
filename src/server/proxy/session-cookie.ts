/** The panel's cookie. The prefix makes browsers refuse one of this name that another host planted, or that is not for the whole host (RFC 6265bis §4.1.3). */
export const SESSION_COOKIE = '__Host-ruche'

/** On a site's own host: lets a person of the directory see the site. The site itself never gets it. */
export const PASS_COOKIE = '__Host-ruche-pass'
