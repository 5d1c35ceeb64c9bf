import type { Phase } from '../../model/container.js'
import { useWords } from '../i18n/use-words.js'

/** A site's state as a dot and a word: never by colour alone. */
export function StateDot({ state }: { state: Phase }) {
  const { t } = useWords()
  return (
    <span className={`state state-${state}`}>
      <span className="state-dot" aria-hidden="true" />
      {t(`state.${state}`)}
    </span>
  )
}
