import { expect, it } from 'vitest'
import { keepUsedRules } from './keep-used-rules.js'

const words = new Set(['btn', 'btn-primary', 'd-none'])

it('drops rules of classes that nothing names, selector by selector', () => {
  expect(keepUsedRules('.btn,.carousel{a:b}.modal .btn{c:d}', words)).toBe('.btn{a:b}')
  expect(keepUsedRules('/* .x{ */h1,.h1{a:b}', words)).toBe('h1{a:b}')
})

it('looks into media queries, and leaves none empty', () => {
  expect(keepUsedRules('@media (x){.d-none{a:b}.d-grid{a:b}}@media (y){.d-grid{a:b}}', words)).toBe(
    '@media (x){.d-none{a:b}}',
  )
})

it('keeps variables, key frames, and what only excludes a class', () => {
  const css = ':root{--a:1}@keyframes k{0%{a:b}to{c:d}}.btn:not(.disabled){a:b}'
  expect(keepUsedRules(css, words)).toBe(css)
})
