import type { Language } from './i18n.js'

/** Texts that the server and the model say in English, in French. `$1` stands for what the English text names at that place. */
const FRENCH: readonly (readonly [RegExp, string])[] = []

/** A message of the server in the person's language; undefined where we have none, so that the original is shown. */
export function translateServerText(text: string, language: Language): string | undefined {
  if (language === 'en') return undefined
  for (const [pattern, french] of FRENCH) if (pattern.test(text)) return text.replace(pattern, french)
  return undefined
}
