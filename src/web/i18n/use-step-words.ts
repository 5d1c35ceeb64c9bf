import { i18n } from './i18n.js'
import type { Messages } from './messages.js'
import { useWords } from './use-words.js'

type StepName = keyof Messages['step']

/** Names of steps are the engine's words; those we know are said in the person's language. */
export function useStepWords(): (name: string) => string {
  const { t } = useWords()
  return (name) => (i18n.exists(`step.${name}`) ? t(`step.${name as StepName}`) : name)
}
