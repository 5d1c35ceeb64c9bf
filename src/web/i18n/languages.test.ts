import { afterEach, expect, it, vi } from 'vitest'
import { en } from './en.js'
import { fr } from './fr.js'
import { chooseLanguage, i18n, needWords, setLanguage, startLanguage } from './i18n.js'

afterEach(() => vi.unstubAllGlobals())

type Tree = { readonly [key: string]: string | Tree }

/** Every text with its place, as `sites.title`. */
function flatten(tree: Tree, at = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[at + key, value]] : flatten(value, `${at}${key}.`),
  )
}

const variables = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort()

it('names the same things in both languages', () => {
  const french = new Map(flatten(fr))
  for (const [key, text] of flatten(en)) expect([key, variables(french.get(key) ?? '')]).toEqual([key, variables(text)])
})

it('leaves no text empty, nor English where it should be French', () => {
  const alike = flatten(fr).filter(([key, text]) => text.trim() === '' || new Map(flatten(en)).get(key) === text)
  // One word, or a list of names, may well be the same in both.
  const same = alike.map(([, text]) => text).filter((text) => !/^\S*$|{{|^HTML, /.test(text))
  expect(same).toEqual([])
})

it('keeps the double signs of French on the line of their word', () => {
  const wrong = flatten(fr).filter(([, text]) => /[^\u00a0\u202f][?!;:»](?!\/)|«[^\u202f]/.test(text))
  expect(wrong).toEqual([])
})

it('chooses what was chosen, then what the browser prefers', () => {
  expect(chooseLanguage('fr', ['en-GB'])).toBe('fr')
  expect(chooseLanguage('xx', ['de-DE', 'fr-CH', 'en'])).toBe('fr')
  expect(chooseLanguage(undefined, [])).toBe('en')
})

it('has every group of texts in one part only', () => {
  const groups = Object.values(en).flatMap((part) => Object.keys(part))
  expect(groups.filter((group, index) => groups.indexOf(group) !== index)).toEqual([])
})

it('loads the texts of a part when they are needed, and then in every language that is chosen', async () => {
  vi.stubGlobal('navigator', { languages: ['en'] })
  vi.stubGlobal('document', { documentElement: {} })
  await startLanguage()
  expect(i18n.exists('nav.sites')).toBe(true)
  expect(i18n.exists('files.newFile')).toBe(false)
  await needWords('later')
  expect(i18n.t('files.newFile')).toBe(en.later.files.newFile)
  await setLanguage('fr')
  expect(i18n.t('files.newFile')).toBe(fr.later.files.newFile)
  await needWords('administration')
  expect(i18n.t('doctor.title')).toBe(fr.administration.doctor.title)
  await setLanguage('en')
  expect(i18n.t('doctor.title')).toBe(en.administration.doctor.title)
})
