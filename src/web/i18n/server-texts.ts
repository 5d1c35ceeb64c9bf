import type { Language } from './language.js'

/** A text of the server, or its form, and how another language says it. Groups of the form come in as arguments. */
export type ServerText = readonly [string | RegExp, string | ((...groups: string[]) => string)]

const tables = new Map<Language, readonly ServerText[]>()

/** Brought along by the languages that need it: the server and the model speak English. */
export function keepServerTexts(language: Language, table: readonly ServerText[]): void {
  tables.set(language, table)
}

/** The translation of a text by a table; undefined where it has none. */
export function findServerText(table: readonly ServerText[], text: string): string | undefined {
  for (const [form, said] of table) {
    const groups = typeof form === 'string' ? (form === text ? [] : undefined) : form.exec(text)?.slice(1)
    if (groups) return typeof said === 'string' ? said : said(...groups)
  }
  return undefined
}

/** A message of the server in the person's language; undefined where we have none, so that the original is shown. */
export function translateServerText(text: string, language: Language): string | undefined {
  return findServerText(tables.get(language) ?? [], text)
}
