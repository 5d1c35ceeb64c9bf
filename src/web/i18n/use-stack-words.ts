import type { Stack } from '../../model/stack.js'
import { i18n } from './i18n.js'
import type { Messages } from './messages.js'
import { useWords } from './use-words.js'

type Known = keyof Messages['choice']

/** Names and summaries of what a stack is made of. Recipes are data: one that we have no words for is shown with its own. */
export function useStackWords() {
  const { t } = useWords()
  const find = (name: string): Known | undefined => (i18n.exists(`choice.${name}.name`) ? (name as Known) : undefined)
  const nameOf = (name: string) => {
    const known = find(name)
    return known ? t(`choice.${known}.name`) : name
  }
  return {
    nameOf,
    summaryOf: (name: string, otherwise: string) => {
      const known = find(name)
      return known ? t(`choice.${known}.summary`) : otherwise
    },
    /** `nginx · PHP · MariaDB`, without what is not there. */
    stackOf: ({ server, language, database }: Stack) =>
      [server, language, database]
        .filter((name) => name !== 'none')
        .map(nameOf)
        .join(' · '),
  }
}
