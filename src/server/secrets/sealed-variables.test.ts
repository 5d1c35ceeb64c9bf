import { expect, it } from 'vitest'
import { sealVariables } from './sealed-variables.js'

const sealed = sealVariables(Buffer.alloc(32, 7))
const variables = { API_KEY: 'hush-hush', MOTTO: 'two\nlines, « ruche »' }

it('opens what it has sealed, which tells nothing and is another text each time', () => {
  const text = sealed.seal('shop-1', variables)
  expect(sealed.open('shop-1', text)).toEqual(variables)
  expect(text).not.toBe(sealed.seal('shop-1', variables))
  expect(Buffer.from(text.slice(2), 'base64').toString('latin1')).not.toMatch(/API_KEY|hush/)
})

it('keeps nothing where there is nothing', () => {
  expect(sealed.seal('shop-1', {})).toBe('')
  expect(sealed.open('shop-1', '')).toEqual({})
})

it('opens nothing of another site, of another key, or that was changed', () => {
  const text = sealed.seal('shop-1', variables)
  const words = 'sealed with another key'
  expect(() => sealed.open('shop-2', text)).toThrow(words)
  expect(() => sealVariables(Buffer.alloc(32, 8)).open('shop-1', text)).toThrow(words)
  expect(() => sealed.open('shop-1', `1.AAAA${text.slice(6)}`)).toThrow(words)
  expect(() => sealed.open('shop-1', '1.AA')).toThrow(words)
})
