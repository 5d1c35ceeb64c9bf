import { useState } from 'react'
import { ConfirmDialog } from './ConfirmDialog.js'
import { Icon, type IconName } from './Icon.js'

interface Props {
  label: string
  /** What will be different then. */
  text: string
  action: string
  icon?: IconName
  onRemove: () => Promise<unknown>
}

/** A small button that takes something away, and asks first. */
export function RemoveButton({ label, text, action, icon = 'trash3', onRemove }: Props) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <button type="button" className="icon-button" aria-label={label} title={label} onClick={() => setAsking(true)}>
        <Icon name={icon} size={14} />
      </button>
      {asking && (
        <ConfirmDialog title={label} action={action} danger onConfirm={onRemove} onClose={() => setAsking(false)}>
          <p className="mb-0">{text}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
