import type { Language } from './language.js'
import type { Part } from './messages.js'

/** A text of the server, or its form, and how another language says it. Groups of the form come in as arguments. */
export type ServerText = readonly [string | RegExp, string | ((...groups: string[]) => string)]

// What few pages need is asked first: the general forms of the others would take it, too.
const ORDER: readonly Part[] = ['administration', 'later', 'first']
const tables = new Map<Language, Map<Part, readonly ServerText[]>>()

/** Brought along by the languages that need it: the server and the model speak English. */
export function keepServerTexts(language: Language, part: Part, table: readonly ServerText[]): void {
  tables.set(language, new Map(tables.get(language)).set(part, table))
}

/** The translation of a text by a table; undefined where it has none. */
function findServerText(table: readonly ServerText[], text: string): string | undefined {
  for (const [form, said] of table) {
    const groups = typeof form === 'string' ? (form === text ? [] : undefined) : form.exec(text)?.slice(1)
    if (groups) return typeof said === 'string' ? said : said(...groups)
  }
  return undefined
}

/** A message of the server in the person's language; undefined where we have none, so that the original is shown. */
export function translateServerText(text: string, language: Language): string | undefined {
  return findServerText(
    ORDER.flatMap((part) => tables.get(language)?.get(part) ?? []),
    text,
  )
}
