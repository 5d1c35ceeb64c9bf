import { useState } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { DialogFooter } from '../../../parts/DialogFooter.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { nameOf } from './paths.js'

const WHO = ['owner', 'group', 'others'] as const
const WHAT = [
  ['read', 4],
  ['write', 2],
  ['run', 1],
] as const

interface Props {
  path: string
  mode: number
  onMode: (mode: number) => Promise<unknown>
  onClose: () => void
}

/** Who may read, write and run a file. */
export function ModeDialog({ path, mode, onMode, onClose }: Props) {
  const { t } = useWords()
  const [bits, setBits] = useState(mode & 0o777)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const submit = async () => {
    setBusy(true)
    await onMode(bits).then(onClose, setError)
    setBusy(false)
  }
  return (
    <Dialog title={t('files.modeTitle', { name: nameOf(path) })} onClose={onClose}>
      <div className="dialog-body">
        <table className="modes">
          <thead>
            <tr>
              <td />
              {WHAT.map(([what]) => (
                <th key={what} scope="col">
                  {t(`files.mode.${what}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {WHO.map((who, row) => (
              <tr key={who}>
                <th scope="row">{t(`files.mode.${who}`)}</th>
                {WHAT.map(([what, value]) => {
                  const bit = value << (6 - 3 * row)
                  return (
                    <td key={what}>
                      <input
                        type="checkbox"
                        className="form-check-input"
                        aria-label={`${t(`files.mode.${who}`)}: ${t(`files.mode.${what}`)}`}
                        checked={(bits & bit) !== 0}
                        onChange={() => setBits(bits ^ bit)}
                      />
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
        <p className="modes-number">
          {t('files.mode.number')} <code>{bits.toString(8).padStart(3, '0')}</code>
        </p>
        {error && <ErrorNote error={error} />}
      </div>
      <DialogFooter action={t('action.save')} busy={busy} onAct={() => void submit()} onClose={onClose} />
    </Dialog>
  )
}
