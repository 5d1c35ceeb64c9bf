import { createInstance, type i18n as Translator } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readPreference, writePreference } from '../preferences.js'
import { LANGUAGES, type Language } from './language.js'
import type { Messages } from './messages.js'
import { keepServerTexts } from './server-texts.js'

// Only the language in use is loaded.
const load: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import('./en.js')).en,
  fr: async () => {
    const [{ fr }, { serverTexts }] = await Promise.all([import('./fr.js'), import('./fr/server-texts.js')])
    keepServerTexts('fr', serverTexts)
    return fr
  },
}

export const i18n: Translator = createInstance()

function isLanguage(name: string | undefined): name is Language {
  return name !== undefined && name in LANGUAGES
}

/** The language chosen before, else the first of the browser's that we speak, else English. */
export function chooseLanguage(stored: string | undefined, preferred: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  return preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

async function show(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, 'translation'))
    i18n.addResourceBundle(language, 'translation', await load[language]())
  await i18n.changeLanguage(language)
  document.documentElement.lang = language
}

export async function startLanguage(): Promise<void> {
  await i18n.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false },
  })
  await show(chooseLanguage(readPreference('language'), navigator.languages))
}

export async function setLanguage(language: Language): Promise<void> {
  writePreference('language', language)
  await show(language)
}
