import type { en } from './en.js'

export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> }

/** What every language must say: English is the measure, a missing or extra key does not compile. */
export type Messages = Translated<typeof en>

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}
