import * as z from 'zod'

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/**
 * The one parser of domain names (RFC 1035, RFC 5890): lower case, A-labels, no trailing dot, at least two labels, at most 253 octets,
 * no wildcard, no address. Answers the canonical form, or a message that says what is wrong.
 */
export function parseDomainName(text: string): { name: string } | { problem: string } {
  const trimmed = text.trim().replace(/\.$/, '')
  if (trimmed === '') return { problem: 'a domain name is needed' }
  if (trimmed.includes('*')) return { problem: 'a wildcard cannot be used' }
  if (/[\s/:@?#%\\]/.test(trimmed)) return { problem: 'only the name, without http://, port or path' }
  const name = toAscii(trimmed)
  if (name === undefined) return { problem: 'this is not a domain name' }
  if (name.length > 253) return { problem: 'at most 253 characters' }
  const labels = name.split('.')
  if (labels.length < 2) return { problem: 'at least two parts are needed, as in example.org' }
  if (labels.some((label) => !LABEL.test(label))) return { problem: 'this is not a domain name' }
  if (/^\d+$/.test(labels.at(-1) ?? '')) return { problem: 'an address cannot be used' }
  return { name }
}

// The WHATWG URL parser does the IDNA mapping (UTS 46) and exists in Node and in browsers alike; this room's types know neither.
const { URL } = globalThis as unknown as { URL: new (url: string) => { hostname: string } }
function toAscii(text: string): string | undefined {
  try {
    return new URL(`http://${text}/`).hostname
  } catch {
    return undefined
  }
}

/** A domain name as people type it; the output is canonical. */
export const DomainName = z
  .string()
  .max(1000)
  .transform((text, context) => {
    const result = parseDomainName(text)
    if ('name' in result) return result.name
    context.addIssue({ code: 'custom', message: result.problem })
    return z.NEVER
  })
export type DomainName = z.output<typeof DomainName>
