import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ArchiveEntry } from '../../../../model/files.js'
import { visibleText } from '../../../../model/visible-text.js'
import { callApi } from '../../../api/call-api.js'
import { followOperation } from '../../../api/followed.js'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { DialogFooter } from '../../../parts/DialogFooter.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'
import { folderOf, nameOf } from './paths.js'

const MOST_SHOWN = 500

interface Props {
  site: string
  path: string
  onClose: () => void
}

/** Shows what an archive would lay beside it and what it would replace, and unpacks it. */
export function UnpackDialog({ site, path, onClose }: Props) {
  const { t, bytes } = useWords()
  const into = folderOf(path)
  const [replace, setReplace] = useState(false)
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const params = { name: site }
  const peek = useQuery({
    queryKey: ['archive', site, path],
    queryFn: ({ signal }) => callApi('peekArchive', { params, query: { path, into } }, signal),
    gcTime: 0,
    staleTime: 0,
    retry: false,
  })
  const entries = peek.data?.entries ?? []
  const there = entries.filter(({ exists, type }) => exists && type !== 'folder').length
  const describe = ({ path: each, type, sizeBytes, exists }: ArchiveEntry) => {
    const words = exists ? t(replace ? 'files.unpackReplaced' : 'files.unpackKept') : bytes(sizeBytes)
    return type === 'folder' ? `${visibleText(each)}/` : `${visibleText(each)} (${words})`
  }
  const unpack = async () => {
    setBusy(true)
    await callApi('unpackArchive', { params, body: { path, into, replace } }).then(({ operation }) => {
      followOperation(operation)
      onClose()
    }, setError)
    setBusy(false)
  }
  return (
    <Dialog title={t('files.unpackTitle', { name: nameOf(path) })} onClose={onClose} wide>
      <div className="dialog-body">
        {peek.isPending && <Spinner label={t('general.loading')} />}
        {peek.data && (
          <>
            <p>
              {t('files.unpackText', {
                count: entries.length,
                size: bytes(entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
                folder: `/home/site/${into}`,
              })}
              {peek.data.truncated && ` ${t('files.unpackTruncated')}`}
            </p>
            <textarea
              className="archive"
              readOnly
              rows={10}
              wrap="off"
              aria-label={t('files.unpackList')}
              value={entries.slice(0, MOST_SHOWN).map(describe).join('\n')}
            />
            {there > 0 && (
              <label className="form-check">
                <input
                  type="checkbox"
                  className="form-check-input"
                  checked={replace}
                  onChange={() => setReplace(!replace)}
                />
                {t('files.unpackReplace', { count: there })}
              </label>
            )}
          </>
        )}
        {(error ?? peek.error) && <ErrorNote error={(error ?? peek.error) as Error} />}
      </div>
      <DialogFooter
        action={t('files.unpack')}
        busy={busy}
        disabled={entries.length === 0}
        onAct={() => void unpack()}
        onClose={onClose}
      />
    </Dialog>
  )
}
