import { useTranslation } from 'react-i18next'
import { formatAgo, formatBytes, formatCores, formatDate, formatDay, formatDuration } from '../format/format.js'
import { chooseLanguage } from './i18n.js'

/** Shown for what is not known: never 0. */
export const UNKNOWN = '–'

type Maybe<T> = T | undefined | null

/** The texts of the person's language, and numbers, sizes and times as that language writes them. What is unknown becomes “–”. */
export function useWords() {
  const { t, i18n } = useTranslation()
  const language = chooseLanguage(i18n.language, [])
  // The region's habits (dates, decimal sign) where the browser names a region of this language.
  const locale = navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? language
  const known =
    <T>(format: (value: T) => string) =>
    (value: Maybe<T>) =>
      value === undefined || value === null ? UNKNOWN : format(value)
  return {
    t,
    language,
    locale,
    bytes: known((value: number) => formatBytes(value, locale)),
    cores: known((value: number) => formatCores(value, locale)),
    number: known((value: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value)),
    percent: known((value: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(value),
    ),
    duration: known((value: number) => formatDuration(value, locale)),
    ago: known((value: string) => formatAgo(value, Date.now(), locale)),
    day: known((value: string) => formatDay(value, locale)),
    date: known((value: string) => formatDate(value, locale)),
  }
}

export type Words = ReturnType<typeof useWords>
