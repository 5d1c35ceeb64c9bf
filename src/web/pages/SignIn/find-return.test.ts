import { expect, it } from 'vitest'
import { findReturn } from './find-return.js'

it.each(['/sites', '/sites/shop/files?file=public/index.php#top', '/create', '/people?x=https://evil.example'])(
  'WEB-7: leads back to %s',
  (to) => expect(findReturn(to)).toBe(to),
)

it.each([
  null,
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/sites/..//evil.example',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'https:///evil.example',
  '/sign-in?to=/sites',
])('WEB-7: does not lead to %j', (to) => expect(findReturn(to)).toBe('/sites'))
