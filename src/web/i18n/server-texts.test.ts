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

it('says why a copy of a backup did not arrive elsewhere, also in the words of ssh and restic', () => {
  const reasons = [
    'restic took too long and was ended.',
    'restic failed (exit code 1).',
    'Only 10 of 20 bytes arrived.',
    'The copy is not in the repository.',
    'Host key verification failed.',
    'ruche@backup.example.org: Permission denied (publickey).',
    'ssh: connect to host backup.example.org port 22: Connection refused',
    'ssh: Could not resolve hostname backup.example.org: Name or service not known',
    'Fatal: wrong password or no key found',
  ]
  expect(reasons.filter((text) => translateServerText(text, 'fr') === undefined)).toEqual([])
})
