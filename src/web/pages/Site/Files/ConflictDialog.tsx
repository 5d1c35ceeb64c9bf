import { useQuery } from '@tanstack/react-query'
import { ApiError } from '../../../api/api-error.js'
import { readFile } from '../../../api/files.js'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'
import { closeFiles, loadText, type OpenFile, rebase } from './open-files.js'
import { findChangedLines } from './text-lines.js'

interface Props {
  site: string
  file: OpenFile
  onSave: () => Promise<void>
  onClose: () => void
}

/** What the server has now; null: the file was deleted. */
function useTheirs(site: string, path: string) {
  return useQuery({
    queryKey: ['theirs', site, path],
    queryFn: () =>
      readFile(site, path).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'not_found') return null
        throw error
      }),
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
  })
}

const MOST_LINES = 200

function Lines({ title, lines, from }: { title: string; lines: string[]; from: number }) {
  const { t } = useWords()
  const shown = lines.slice(0, MOST_LINES).map((line, index) => `${String(from + index + 1).padStart(4)}  ${line}`)
  return (
    <label className="versus-side">
      {title}
      <textarea readOnly rows={8} wrap="off" value={lines.length === 0 ? t('conflict.noLines') : shown.join('\n')} />
    </label>
  )
}

function Choices({
  site,
  file,
  onSave,
  onClose,
  theirs,
}: Props & { theirs: { version: string; text?: string | undefined } | null }) {
  const { t } = useWords()
  const keepMine = async () => {
    rebase(site, file.path, theirs?.version ?? null)
    onClose()
    await onSave()
  }
  const takeTheirs = () => {
    if (theirs?.text !== undefined) loadText(site, file.path, { version: theirs.version, text: theirs.text })
    else closeFiles(site, file.path)
    onClose()
  }
  return (
    <footer className="dialog-footer">
      <button type="button" className="btn btn-quiet me-auto" onClick={onClose}>
        {t('conflict.later')}
      </button>
      <button type="button" className="btn btn-outline-danger" onClick={takeTheirs}>
        {t(theirs ? 'conflict.takeTheirs' : 'conflict.drop')}
      </button>
      <button type="button" className="btn btn-primary" onClick={() => void keepMine()}>
        {t('conflict.keepMine')}
      </button>
    </footer>
  )
}

/** The file was changed elsewhere since it was opened: shows both, and lets the person decide. Nothing is lost before. */
export function ConflictDialog(props: Props) {
  const { t } = useWords()
  const { site, file, onClose } = props
  const { data: theirs, error, isPending } = useTheirs(site, file.path)
  const changed = theirs?.text === undefined ? undefined : findChangedLines(file.text, theirs.text)
  return (
    <Dialog title={t(theirs === null ? 'conflict.goneTitle' : 'conflict.title')} onClose={onClose} wide>
      <div className="dialog-body">
        <p>{t(theirs === null ? 'conflict.goneText' : 'conflict.text', { path: file.path })}</p>
        {error && <ErrorNote error={error} />}
        {isPending && <Spinner label={t('general.loading')} />}
        {changed && (
          <div className="versus">
            <Lines title={t('conflict.mine')} lines={changed.mine} from={changed.before} />
            <Lines title={t('conflict.theirs')} lines={changed.theirs} from={changed.before} />
          </div>
        )}
      </div>
      {theirs !== undefined && <Choices {...props} theirs={theirs} />}
    </Dialog>
  )
}
