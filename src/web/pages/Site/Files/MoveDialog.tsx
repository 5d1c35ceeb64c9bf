import { useState } from 'react'
import { SitePath } from '../../../../model/files.js'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { Spinner } from '../../../parts/Spinner.js'
import { nameOf } from './paths.js'

interface Props {
  path: string
  onMove: (to: string, how: 'move' | 'copy') => Promise<unknown>
  onClose: () => void
}

/** Asks where something goes, and whether it stays where it is as well. */
export function MoveDialog({ path, onMove, onClose }: Props) {
  const { t } = useWords()
  const [to, setTo] = useState(path)
  const [busy, setBusy] = useState<'move' | 'copy'>()
  const [error, setError] = useState<Error>()
  const clean = to.trim().replace(/^\/home\/site\/?|^\/+|\/+$/g, '')
  const isWrong = clean === '' || !SitePath.safeParse(clean).success
  const act = async (how: 'move' | 'copy') => {
    if (isWrong || clean === path) return
    setBusy(how)
    await onMove(clean, how).then(onClose, setError)
    setBusy(undefined)
  }
  return (
    <Dialog title={t('files.moveTitle', { name: nameOf(path) })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void act('move')
        }}
      >
        <div className="dialog-body">
          <Field
            label={t('files.moveTo')}
            value={to}
            data-autofocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            hint={t('files.moveHint')}
            error={isWrong ? t('files.movePath') : undefined}
            onChange={(event) => setTo(event.target.value)}
          />
          {error && <ErrorNote error={error} />}
        </div>
        <footer className="dialog-footer">
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button
            type="button"
            className="btn btn-outline-secondary"
            disabled={busy !== undefined || isWrong || clean === path}
            onClick={() => void act('copy')}
          >
            {busy === 'copy' && <Spinner />}
            {t('files.copy')}
          </button>
          <button type="submit" className="btn btn-primary" disabled={busy !== undefined || isWrong || clean === path}>
            {busy === 'move' && <Spinner />}
            {t('files.move')}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
