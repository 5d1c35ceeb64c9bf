import type { en } from './en.js'

export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> }

/** Texts are loaded in parts: those of the first page at once, the others with the pages that need them. */
export type Part = keyof typeof en

/** What every language must say: English is the measure, a missing or extra key does not compile. */
export type WordsOf<P extends Part> = Translated<(typeof en)[P]>

type English = (typeof en)['first'] &
  (typeof en)['later'] &
  (typeof en)['database'] &
  (typeof en)['activity'] &
  (typeof en)['administration']
export type Messages = Translated<English>

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: English }
  }
}
