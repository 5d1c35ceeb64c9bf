import { beforeEach, expect, it } from 'vitest'
import { CHECKS } from '../../model/doctor-checks.js'
import { checkTexts } from './fr/check-texts.js'
import { firstTexts } from './fr/first-texts.js'
import { laterTexts } from './fr/later-texts.js'
import { keepServerTexts, translateServerText } from './server-texts.js'

beforeEach(() => {
  keepServerTexts('fr', 'first', firstTexts)
  keepServerTexts('fr', 'later', laterTexts)
  keepServerTexts('fr', 'administration', checkTexts)
})

it('says texts that name something, also one within another', () => {
  expect(translateServerText('shop: this name is taken.', 'fr')).toBe('shop : ce nom est déjà pris.')
  expect(
    translateServerText(
      'The quota of ada does not allow this: 4 sites where 3 sites may be had, 1.5 GiB of memory where 1 GiB of memory may be had.',
      'fr',
    ),
  ).toBe(
    'Le quota de ada ne le permet pas : 4 sites pour 3 sites au plus, 1,5 Gio de mémoire pour 1 Gio de mémoire au plus.',
  )
})

it('leaves texts that it does not know, and English, as they are', () => {
  expect(translateServerText('Something quite new happened.', 'fr')).toBeUndefined()
  expect(translateServerText('It was cancelled.', 'en')).toBeUndefined()
  expect(translateServerText('It was cancelled.', 'fr')).toBe('C’est annulé.')
})

it('asks the texts of few pages before the general forms of the others', () => {
  keepServerTexts('fr', 'first', [[/^(.+): (.+)$/, (name, what) => `${name} : ${what}`]])
  keepServerTexts('fr', 'administration', [['swap: off', 'mémoire d’échange : éteinte']])
  expect(translateServerText('swap: off', 'fr')).toBe('mémoire d’échange : éteinte')
  expect(translateServerText('shop: off', 'fr')).toBe('shop : off')
})

it('says all that the doctor promises and advises', () => {
  const texts = Object.values(CHECKS).flatMap(({ promise, mend }) => [promise, mend])
  expect(texts.filter((text) => translateServerText(text, 'fr') === undefined)).toEqual([])
})
