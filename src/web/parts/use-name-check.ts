import { useQuery } from '@tanstack/react-query'
import { nameQuery } from '../api/sites.js'
import { translateServerText } from '../i18n/server-texts.js'
import { useWords } from '../i18n/use-words.js'
import { findNameProblem } from './find-name-problem.js'
import { useSettled } from './use-settled.js'

export interface NameCheck {
  /** Why the name cannot be used. */
  problem?: string | undefined
  /** The server said that it is free. */
  free: boolean
}

/** Checks a name while it is typed: its form at once, whether it is free after a pause. */
export function useNameCheck(name: string): NameCheck {
  const { t, language } = useWords()
  const problem = findNameProblem(name)
  const settled = useSettled(name)
  const asked = problem === undefined && settled === name
  const { data } = useQuery({ ...nameQuery(name), enabled: asked })
  if (problem) return { problem: t(`name.${problem}`), free: false }
  if (!asked || !data) return { free: false }
  if (data.free) return { free: true }
  return {
    problem: (data.reason && translateServerText(data.reason, language)) ?? data.reason ?? t('name.taken'),
    free: false,
  }
}
