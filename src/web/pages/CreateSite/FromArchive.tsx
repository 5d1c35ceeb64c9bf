import { useState } from 'react'
import { visibleText } from '../../../model/visible-text.js'
import { ApiError } from '../../api/api-error.js'
import { sendArchive } from '../../api/backups.js'
import { useWords } from '../../i18n/use-words.js'
import { CopyDialog } from '../../parts/CopyDialog.js'
import { Field } from '../../parts/Field.js'

function Progress({ sent, all }: { sent: number; all: number }) {
  const { t, bytes } = useWords()
  return (
    <div className="mb-3">
      <progress className="w-100" aria-label={t('create.other.progress')} max={Math.max(1, all)} value={sent} />
      <p className="mb-0" role="status">
        {sent < all ? t('create.other.sent', { sent: bytes(sent), all: bytes(all) }) : t('create.other.checking')}
      </p>
    </div>
  )
}

function ArchiveDialog({
  file,
  onWrong,
  onClose,
}: {
  file: File
  onWrong: (error: string) => void
  onClose: () => void
}) {
  const { t, bytes } = useWords()
  const [sent, setSent] = useState<number>()
  const [abort] = useState(() => new AbortController())
  const send = async (name: string) => {
    setSent(0)
    try {
      return await sendArchive(name, file, abort.signal, setSent)
    } catch (error) {
      // The name is asked for here, the file is not: what is wrong with that is said where it was chosen.
      if (error instanceof ApiError && error.code === 'invalid' && !error.fields?.length) {
        onClose()
        onWrong(t('create.other.notOurs'))
      }
      throw error
    } finally {
      setSent(undefined)
    }
  }
  return (
    <CopyDialog
      title={t('create.other.fromArchive')}
      action={t('action.create')}
      name={proposeName(file.name)}
      onCopy={send}
      onClose={() => {
        abort.abort()
        onClose()
      }}
    >
      <p className="text-break">
        {t('create.other.archiveText', { file: visibleText(file.name), size: bytes(file.size) })}
      </p>
      {sent !== undefined && <Progress sent={sent} all={file.size} />}
    </CopyDialog>
  )
}

/** What of a file's name can be a site's. */
function proposeName(file: string): string {
  const [words = ''] = /[a-z][a-z0-9]*(-[a-z0-9]+)*/.exec(file.toLowerCase().replace(/\.tar$/, '')) ?? []
  return words.slice(0, 41).replace(/-$/, '')
}

/** A new site out of an archive of the person's own machine. */
export function FromArchive() {
  const { t } = useWords()
  const [file, setFile] = useState<File>()
  const [asking, setAsking] = useState(false)
  const [wrong, setWrong] = useState<string>()
  return (
    <section aria-labelledby="from-archive-title">
      <h2 id="from-archive-title">{t('create.other.archive')}</h2>
      <Field
        label={t('create.other.file')}
        type="file"
        accept=".tar"
        hint={t('create.other.archiveHint')}
        error={wrong}
        onChange={(event) => {
          setWrong(undefined)
          setFile(event.target.files?.[0])
        }}
      />
      <button type="button" className="btn btn-quiet" disabled={!file} onClick={() => setAsking(true)}>
        {t('create.other.fromArchive')}
      </button>
      {file && asking && <ArchiveDialog file={file} onWrong={setWrong} onClose={() => setAsking(false)} />}
    </section>
  )
}
