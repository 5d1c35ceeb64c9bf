import type { UseFormRegisterReturn } from 'react-hook-form'
import { useStackWords } from '../i18n/use-stack-words.js'
import { Icon, type IconName } from './Icon.js'

const ICONS: Record<string, IconName> = {
  static: 'file-earmark-code',
  php: 'code-slash',
  none: 'x-lg',
  sqlite: 'database',
  mariadb: 'database',
  postgresql: 'database',
  nginx: 'hdd-rack',
  apache: 'hdd-rack',
}

interface Props {
  legend: string
  choices: { name: string; summary: string }[]
  field: UseFormRegisterReturn
  /** Names that go with the rest of the stack; all when absent. */
  allowed?: string[] | undefined
}

/** One of the choices of a stack, as cards of which one is chosen (radio buttons: arrow keys work). */
export function ChoiceCards({ legend, choices, field, allowed }: Props) {
  const { nameOf, summaryOf } = useStackWords()
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      <div className="choices-grid">
        {choices.map(({ name, summary }) => (
          <label key={name} className="choice">
            <input type="radio" value={name} {...field} disabled={allowed !== undefined && !allowed.includes(name)} />
            <span className="choice-cell" aria-hidden="true">
              <Icon name={ICONS[name] ?? 'code-slash'} size={18} />
            </span>
            <span>
              <span className="choice-name">{nameOf(name)}</span>
              <span className="choice-summary">{summaryOf(name, summary)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
