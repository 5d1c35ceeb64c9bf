import { useId, useState } from 'react'
import { findDumpFormat } from '../../../../model/database.js'
import { visibleText } from '../../../../model/visible-text.js'
import { sendDump } from '../../../api/database.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { useSite } from '../use-site.js'

/** Runs a dump of the person's own machine, after saying what that may do. */
export function ImportDialog({ onDone, onClose }: { onDone: (file: string) => void; onClose: () => void }) {
  const { t, bytes } = useWords()
  const { name, stack } = useSite()
  const [file, setFile] = useState<File>()
  const [sent, setSent] = useState<number>()
  const [abort] = useState(() => new AbortController())
  const id = useId()
  const format = file && findDumpFormat(file.name)
  const send = async () => {
    if (!file || !format) return
    setSent(0)
    await sendDump(name, { file, format }, abort.signal, setSent).finally(() => setSent(undefined))
    onDone(visibleText(file.name))
  }
  const close = () => {
    abort.abort()
    onClose()
  }
  return (
    <ConfirmDialog
      title={t('database.importTitle')}
      action={t('database.importAction')}
      danger
      disabled={!format}
      onConfirm={send}
      onClose={close}
    >
      <p>{t('database.importText')}</p>
      <p>{t(stack.database === 'postgresql' ? 'database.importWhole' : 'database.importPartly')}</p>
      <label className="form-label" htmlFor={id}>
        {t('database.importFile')}
      </label>
      <input
        id={id}
        type="file"
        className="form-control"
        accept=".sql,.gz"
        aria-describedby={file && !format ? `${id}-problem` : undefined}
        onChange={(event) => setFile(event.target.files?.[0])}
      />
      {file && !format && (
        <p id={`${id}-problem`} className="text-danger mb-0 mt-1">
          {t('database.importNoDump')}
        </p>
      )}
      {file && sent !== undefined && (
        <div className="mt-3">
          <progress
            className="w-100"
            aria-label={t('database.importTitle')}
            max={Math.max(1, file.size)}
            value={sent}
          />
          <p className="mb-0" role="status">
            {t('database.importProgress', { sent: bytes(sent), all: bytes(file.size) })}
          </p>
        </div>
      )}
    </ConfirmDialog>
  )
}
