import type { ErrorCode } from '../../model/errors.js'
import { ApiError } from '../api/api-error.js'
import { translateServerText } from './server-texts.js'
import { useWords, type Words } from './use-words.js'

/** Errors about the connection have our own words; all others bring their message with them. */
function findOwnWords(error: Error, t: Words['t']): { message: string; hint?: string } | undefined {
  if (!(error instanceof ApiError)) return { message: t('error.page'), hint: t('error.pageHint') }
  if (error.network) return { message: t('error.network'), hint: t('error.networkHint') }
  return undefined
}

/** Turns an error into words of the person's language. */
export function useErrorWords() {
  const { t, language } = useWords()
  return (error: Error): { code: ErrorCode; message: string; hint?: string | undefined } => {
    const code = error instanceof ApiError ? error.code : 'internal'
    const own = findOwnWords(error, t)
    if (own) return { code, ...own }
    const hint = error instanceof ApiError ? error.hint : undefined
    return {
      code,
      message: translateServerText(error.message, language) ?? error.message,
      hint: hint && (translateServerText(hint, language) ?? hint),
    }
  }
}
