import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderFixedPage, renderFixedPages } from './fixed-pages.js'
import { renderVisitorPage } from './visitor-page.js'
import { VISITOR_KINDS, type VisitorKind } from './visitor-words.js'

const STATUSES: Partial<Record<VisitorKind, number>> = {
  ...{ broken: 502, refused: 403, password: 401, unproven: 404, notFound: 404, tooOften: 429, tooLarge: 413 },
}

describe.each(VISITOR_KINDS)('the page of a site that is %s', (kind) => {
  test.each(['en', 'fr'] as const)('in %s', (language) => {
    const { status, html, headers } = renderVisitorPage({ kind, siteName: 'shop.example.org', language })
    expect(status).toBe(STATUSES[kind] ?? 503)
    expect(html).toMatch(new RegExp(`<html lang="${language}">`))
    expect(html.match(/<h1>/g)).toHaveLength(1)
    expect(html).toContain('shop.example.org')
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-language': language })
    expect(html.includes('http-equiv="refresh"')).toBe(kind === 'starting')
    expect('retry-after' in headers).toBe(status === 503 || status === 429)
    expect(html).not.toMatch(/<script|<link|<img|style=|https?:/)
  })

  test('has no word of one language in the other', () => {
    const words = (language: 'en' | 'fr') =>
      [...renderVisitorPage({ kind, siteName: 'x', language }).html.matchAll(/<(?:h1|p)[^>]*>(.*)<\/(?:h1|p)>/g)].map(
        (found) => found[1],
      )
    const shared = words('en').filter((text) => words('fr').includes(text))
    expect(shared).toEqual(['x'])
  })
})

test('the policy allows exactly the style sheet that is there', () => {
  const { html, headers } = renderVisitorPage({ kind: 'stopped', siteName: 'x', language: 'en' })
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}';`)
  expect(headers['content-security-policy']).toContain("default-src 'none'")
})

test('no name becomes HTML', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constant('</p><script>alert(1)</script>')), (siteName) => {
      const { html } = renderVisitorPage({ kind: 'broken', siteName, language: 'fr' })
      const calm = renderVisitorPage({ kind: 'broken', siteName: 'x', language: 'fr' }).html
      expect(html.match(/<\/?[a-z]+/g)).toEqual(calm.match(/<\/?[a-z]+/g))
    }),
  )
})

test('words of an owner are text, and those who work on a site are led to its page', () => {
  const page = (more: object) => renderVisitorPage({ kind: 'maintenance', siteName: 'x', language: 'en', ...more }).html
  expect(page({ ownText: 'Back at 8.\n<script>' })).toContain('<p>Back at 8.<br>&lt;script&gt;</p>')
  expect(page({ causeUrl: 'https://ruche.test/sites/x' })).toContain(
    '<a href="https://ruche.test/sites/x" rel="noreferrer">',
  )
})

test.each(['unavailable', 'not-found', 'too-often', 'too-large'] as const)(
  'the fixed page %s fits into words that nginx can read, and they are the page',
  (name) => {
    const variable = `fixed_${name.replace('-', '_')}`
    const all = renderFixedPages().matchAll(/map '' \$(\w+)_\d+ \{ default '((?:[^'\\]|\\[\s\S])*)'; \}\n/g)
    const pieces = [...all].filter((found) => found[1] === variable).map((found) => found[2] ?? '')
    for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThan(4_000)
    expect(pieces.join('').replaceAll("\\'", "'").replaceAll('\\\\', '\\')).toBe(renderFixedPage(name))
    expect(renderFixedPage(name)).toMatch(/<html lang="en">[\s\S]*<div lang="fr">/)
  },
)
