import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useWords } from '../../i18n/use-words.js'
import { Dialog } from '../../parts/Dialog.js'
import { Icon } from '../../parts/Icon.js'
import { findEntries } from './find-entries.js'
import { type PaletteEntry, useEntries } from './use-entries.js'
import '../../styles/palette.css'

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }

interface OptionProps {
  id: string
  entry: PaletteEntry
  isActive: boolean
  onChoose: () => void
}

function Option({ id, entry, isActive, onChoose }: OptionProps) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isActive) ref.current?.scrollIntoView({ block: 'nearest' })
  }, [isActive])
  return (
    <div
      ref={ref}
      id={id}
      className="palette-option"
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      // The focus stays in the field, whose keys choose.
      onMouseDown={(event) => event.preventDefault()}
      onPointerUp={onChoose}
    >
      <Icon name={entry.icon} />
      <span className="palette-label">{entry.label}</span>
      <span className="palette-note">{entry.note}</span>
    </div>
  )
}

/** Goes to any page or site, or does what is asked, by a few letters: a field with a list that the arrow keys walk through. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const id = useId()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const found = findEntries(useEntries(), typed)
  const optionId = (index: number) => `${id}-${index}`
  const choose = (entry: PaletteEntry | undefined) => {
    if (!entry) return
    onClose()
    void entry.choose(navigate)
  }
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined || found.length === 0) return
    event.preventDefault()
    setActive((active + step + found.length) % found.length)
  }
  return (
    <Dialog title={t('nav.find')} onClose={onClose}>
      <form
        className="palette"
        onSubmit={(event) => {
          event.preventDefault()
          choose(found[active])
        }}
      >
        <input
          type="text"
          role="combobox"
          className="form-control"
          aria-label={t('palette.label')}
          aria-expanded={found.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? optionId(active) : undefined}
          placeholder={t('palette.label')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setActive(0)
          }}
          onKeyDown={move}
        />
        <div id={id} className="palette-list" role="listbox" aria-label={t('palette.found')}>
          {found.map((entry, index) => (
            <Option
              key={entry.id}
              id={optionId(index)}
              entry={entry}
              isActive={index === active}
              onChoose={() => choose(entry)}
            />
          ))}
        </div>
        <p role="status" className={found.length > 0 ? 'visually-hidden' : 'list-nothing'}>
          {found.length > 0 ? t('palette.count', { count: found.length }) : t('general.nothingFound')}
        </p>
      </form>
    </Dialog>
  )
}
