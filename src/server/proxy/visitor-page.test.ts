import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderUnavailable, renderUnavailablePage } from './unavailable-page.js'
import { renderVisitorPage } from './visitor-page.js'
import { VISITOR_KINDS } from './visitor-words.js'

describe.each(VISITOR_KINDS)('the page of a site that is %s', (kind) => {
  test.each(['en', 'fr'] as const)('in %s', (language) => {
    const { status, html, headers } = renderVisitorPage({ kind, siteName: 'shop.example.org', language })
    expect(status).toBe(kind === 'broken' ? 502 : 503)
    expect(html).toMatch(new RegExp(`<html lang="${language}">`))
    expect(html.match(/<h1>/g)).toHaveLength(1)
    expect(html).toContain('shop.example.org')
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-language': language })
    expect(html.includes('http-equiv="refresh"')).toBe(kind === 'starting')
    expect('retry-after' in headers).toBe(kind !== 'broken')
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

test('the fixed page fits into words that nginx can read, and they are the page', () => {
  const maps = renderUnavailable().matchAll(/map '' \$unavailable_\d+ \{ default '((?:[^'\\]|\\[\s\S])*)'; \}\n/g)
  const pieces = [...maps].map((found) => found[1] ?? '')
  for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThan(4_000)
  expect(pieces.join('').replaceAll("\\'", "'").replaceAll('\\\\', '\\')).toBe(renderUnavailablePage())
  expect(renderUnavailablePage()).toMatch(/<html lang="en">[\s\S]*<div lang="fr">/)
})
