import { createInstance, type i18n as Translator } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readPreference, writePreference } from '../preferences.js'
import { LANGUAGES, type Language } from './language.js'
import type { Part, WordsOf } from './messages.js'
import { keepServerTexts } from './server-texts.js'

// Only the languages in use are loaded, and of each only the parts in use.
const LOAD: Record<Language, { [P in Part]: () => Promise<WordsOf<P>> }> = {
  en: {
    first: async () => (await import('./en/first.js')).first,
    later: async () => (await import('./en/later.js')).later,
    database: async () => (await import('./en/database.js')).database,
    activity: async () => (await import('./en/activity.js')).activity,
    administration: async () => (await import('./en/administration.js')).administration,
  },
  fr: {
    first: async () => {
      const [{ first }, { firstTexts }] = await Promise.all([import('./fr/first.js'), import('./fr/first-texts.js')])
      keepServerTexts('fr', 'first', firstTexts)
      return first
    },
    later: async () => {
      const [{ later }, { laterTexts }] = await Promise.all([import('./fr/later.js'), import('./fr/later-texts.js')])
      keepServerTexts('fr', 'later', laterTexts)
      return later
    },
    database: async () => (await import('./fr/database.js')).database,
    activity: async () => (await import('./fr/activity.js')).activity,
    administration: async () => {
      const [{ administration }, { checkTexts }] = await Promise.all([
        import('./fr/administration.js'),
        import('./fr/check-texts.js'),
      ])
      keepServerTexts('fr', 'administration', checkTexts)
      return administration
    },
  },
}

export const i18n: Translator = createInstance()
const languages = new Set<Language>()
const parts = new Set<Part>(['first'])
const loading = new Map<string, Promise<void>>()

function isLanguage(name: string | undefined): name is Language {
  return name !== undefined && name in LANGUAGES
}

/** The language chosen before, else the first of the browser's that we speak, else English. */
export function chooseLanguage(stored: string | undefined, preferred: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  return preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

async function load(language: Language, part: Part): Promise<void> {
  i18n.addResourceBundle(language, 'translation', await LOAD[language][part]())
}

async function loadOnce(language: Language, part: Part): Promise<void> {
  const name = `${language} ${part}`
  const known = loading.get(name) ?? load(language, part)
  loading.set(name, known)
  // What could not be fetched is asked for again the next time.
  await known.catch((error) => {
    loading.delete(name)
    throw error
  })
}

async function loadAll(): Promise<void> {
  await Promise.all([...languages].flatMap((language) => [...parts].map((part) => loadOnce(language, part))))
}

/** Fetches texts before the page that needs them is shown; from then on also in every other language that is chosen. */
export async function needWords(...needed: Part[]): Promise<void> {
  for (const part of needed) parts.add(part)
  await loadAll()
}

async function show(language: Language): Promise<void> {
  languages.add(language)
  await loadAll()
  await i18n.changeLanguage(language)
  document.documentElement.lang = language
}

export async function startLanguage(): Promise<void> {
  await i18n.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false },
    // A page that did not ask for its texts: it shows their keys, and says so.
    saveMissing: true,
    missingKeyHandler: (_languages, _namespace, key) => console.error(`No text is loaded for ${key}.`),
  })
  await show(chooseLanguage(readPreference('language'), navigator.languages))
}

export async function setLanguage(language: Language): Promise<void> {
  writePreference('language', language)
  await show(language)
}
