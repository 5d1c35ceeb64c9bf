import * as z from 'zod'

export const REDIRECT_STATUSES = [301, 302, 307, 308] as const

/** What an address of a site leads to instead. A `*` at the end of `from` stands for any rest, one at the end of `to` for that rest again. */
export const Redirect = z
  .object({
    from: z.string().max(500).transform(parsed(parseFrom)),
    to: z.string().max(1000).transform(parsed(parseTarget)),
    /** 301 and 308 may be remembered for good by browsers; 307 and 308 keep method and body. */
    status: z.union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)]),
  })
  .strict()
  .superRefine(({ from, to }, context) => {
    const problem = findProblem(from, to)
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['to'], message: problem })
  })
  .meta({ id: 'Redirect' })
export type Redirect = z.output<typeof Redirect>

type Parsed = { text: string } | { problem: string }

function parsed(parse: (text: string) => Parsed) {
  return (text: string, context: z.RefinementCtx): string => {
    const result = parse(text.trim())
    if ('text' in result) return result.text
    context.addIssue({ code: 'custom', message: result.problem })
    return z.NEVER
  }
}

// The WHATWG URL parser encodes what an address cannot hold, and exists in Node and in browsers alike; this room's types know neither.
interface Url {
  protocol: string
  username: string
  pathname: string
  search: string
  hash: string
  href: string
}
const { URL } = globalThis as unknown as { URL: new (url: string, base?: string) => Url }

/** Nothing that the front proxy's language could take for a variable, a pattern or the end of a word. */
const PLAIN = /^[A-Za-z0-9._~%/:@!+,=&()*?#-]+$/
const UNUSABLE = 'it has a character that cannot be used here'

function parseFrom(text: string): Parsed {
  if (!text.startsWith('/') || text.startsWith('//')) return { problem: 'begins with one /, as in /old-page' }
  if (/[?#]/.test(text)) return { problem: 'only the path, without ? and #' }
  const { pathname } = new URL(text, 'http://site')
  if (!PLAIN.test(pathname)) return { problem: UNUSABLE }
  return /\*(?!$)/.test(pathname) ? { problem: 'a * can only stand at the end' } : { text: pathname }
}

function parseTarget(text: string): Parsed {
  const target = text.startsWith('/') ? findPath(text) : findWebAddress(text)
  if (target === undefined) return { problem: 'is a path, as in /new-page, or an address, as in https://example.org/' }
  if (!PLAIN.test(target)) return { problem: UNUSABLE }
  return /\*(?!$)/.test(target) ? { problem: 'a * can only stand at the end' } : { text: target }
}

function findPath(text: string): string | undefined {
  if (/^\/[/\\]/.test(text)) return undefined
  const { pathname, search, hash } = new URL(text, 'http://site')
  return pathname + search + hash
}

function findWebAddress(text: string): string | undefined {
  try {
    const { protocol, username, href } = new URL(text)
    return (protocol === 'https:' || protocol === 'http:') && username === '' ? href : undefined
  } catch {
    return undefined
  }
}

function findProblem(from: string, to: string): string | undefined {
  if (to.endsWith('*') && !from.endsWith('*')) return 'a * here needs one at the end of the other address'
  const leadsBack = from.endsWith('*') ? to.startsWith(from.slice(0, -1)) : to === from
  return leadsBack ? 'it would lead back to itself' : undefined
}
