import { expect, test } from 'vitest'
import { toSitePath } from './site-path.js'

test.each([
  ['', ''],
  ['.', ''],
  ['public/index.php', 'public/index.php'],
  ['./public//x/', 'public/x'],
  ['/home/site', ''],
  ['/home/site/private/a', 'private/a'],
])('%j is %j below the home', (text, path) => {
  expect(toSitePath(text)).toBe(path)
})

test.each(['/etc/passwd', '/home/sites', '../x', 'a/../b', '/home/site/../x'])('%j is refused', (text) => {
  expect(() => toSitePath(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
})
