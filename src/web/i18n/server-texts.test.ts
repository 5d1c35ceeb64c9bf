import { expect, it } from 'vitest'
import { CHECKS } from '../../model/doctor-checks.js'
import { serverTexts } from './fr/server-texts.js'
import { findServerText, keepServerTexts, translateServerText } from './server-texts.js'

it('says texts that name something, also one within another', () => {
  expect(findServerText(serverTexts, 'shop: this name is taken.')).toBe('shop : ce nom est déjà pris.')
  expect(
    findServerText(
      serverTexts,
      'The quota of ada does not allow this: 4 sites where 3 sites may be had, 1.5 GiB of memory where 1 GiB of memory may be had.',
    ),
  ).toBe(
    'Le quota de ada ne le permet pas : 4 sites pour 3 sites au plus, 1,5 Gio de mémoire pour 1 Gio de mémoire au plus.',
  )
})

it('leaves texts that it does not know, and English, as they are', () => {
  keepServerTexts('fr', serverTexts)
  expect(translateServerText('Something quite new happened.', 'fr')).toBeUndefined()
  expect(translateServerText('It was cancelled.', 'en')).toBeUndefined()
  expect(translateServerText('It was cancelled.', 'fr')).toBe('C’est annulé.')
})

it('says all that the doctor promises and advises', () => {
  const texts = Object.values(CHECKS).flatMap(({ promise, mend }) => [promise, mend])
  expect(texts.filter((text) => findServerText(serverTexts, text) === undefined)).toEqual([])
})
