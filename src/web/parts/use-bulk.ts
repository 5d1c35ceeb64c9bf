import { useWords } from '../i18n/use-words.js'
import { showToast } from './toasts.js'

/** Does the same to many sites, each its own operation: one that is refused does not hold up the others. Answers those for which it was. */
export function useBulk() {
  const { t } = useWords()
  return async (names: string[], act: (name: string) => Promise<unknown>): Promise<string[]> => {
    const results = await Promise.allSettled(names.map(act))
    const refused = names.filter((_, index) => results[index]?.status === 'rejected')
    const first = results.find((result) => result.status === 'rejected')
    if (first)
      showToast({
        kind: 'error',
        title: t('bulk.refused', { count: refused.length, names: refused.join(', ') }),
        error: first.reason as Error,
      })
    return refused
  }
}
