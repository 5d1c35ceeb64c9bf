import { expect, it } from 'vitest'
import { findBrowser } from './find-browser.js'

it('names browser and system', () => {
  const chrome = '(KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
  expect(findBrowser(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${chrome} Edg/156.0.0.0`)).toBe(
    'Edge · Windows',
  )
  expect(findBrowser(`Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 ${chrome}`)).toBe('Chrome · Android')
  expect(findBrowser('Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Safari/604.1')).toBe(
    'Safari · iOS',
  )
  expect(findBrowser('Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0')).toBe('Firefox · Linux')
  expect(findBrowser('curl/8.5.0')).toBeUndefined()
})
