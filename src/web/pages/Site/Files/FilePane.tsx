import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { EDITOR_MAX_BYTES, type FileContent } from '../../../../model/files.js'
import { visibleText } from '../../../../model/visible-text.js'
import { readFile } from '../../../api/files.js'
import { downloadUrl } from '../../../api/transfers.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { ConflictDialog } from './ConflictDialog.js'
import { editText, isDirty, type OpenFile, takeIn, useOpenFiles } from './open-files.js'
import { findPageUrl, nameOf } from './paths.js'
import { useSave } from './use-save.js'

const Editor = lazy(async () => ({ default: (await import('./Editor.js')).Editor }))

function useFile(site: string, path: string) {
  const query = useQuery({
    queryKey: ['file', site, path],
    queryFn: () => readFile(site, path),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: 'always',
  })
  const { data } = query
  useEffect(() => {
    if (data?.text !== undefined) takeIn(site, path, { version: data.version, text: data.text })
  }, [site, path, data])
  return query
}

/** Pictures are shown; other files that are not text, or too long, are said so. */
function NotEditable({ site, content }: { site: string; content: FileContent }) {
  const { t, bytes } = useWords()
  const url = downloadUrl(site, content.path)
  if (/\.(png|jpe?g|gif|webp|avif|ico)$/i.test(content.path))
    return (
      <figure className="picture">
        <img src={`${url}#${content.version}`} alt={visibleText(nameOf(content.path))} />
        <figcaption>
          {bytes(content.sizeBytes)}
          <a href={url} download>
            {t('files.download')}
          </a>
        </figcaption>
      </figure>
    )
  const tooLarge = content.sizeBytes > EDITOR_MAX_BYTES
  return (
    <div className="empty">
      <Icon name="file-earmark-binary" size={40} />
      <h2>{t(tooLarge ? 'files.tooLarge' : 'files.binary')}</h2>
      <p>{t('files.notEditable', { size: bytes(content.sizeBytes), most: bytes(EDITOR_MAX_BYTES) })}</p>
      <a className="btn btn-outline-secondary" href={url} download>
        {t('files.download')}
      </a>
    </div>
  )
}

interface BarProps {
  path: string
  file: OpenFile | undefined
  saving: boolean
  onSave: () => void
  onBack: () => void
}

function FileBar({ path, file, saving, onSave, onBack }: BarProps) {
  const { t } = useWords()
  const page = findPageUrl(useSite().url, path)
  const dirty = file !== undefined && isDirty(file)
  return (
    <header className="file-bar">
      <button type="button" className="icon-button file-back" aria-label={t('files.back')} onClick={onBack}>
        <Icon name="arrow-left" />
      </button>
      <h2 className="file-path">
        <span className="d-none d-md-inline">{visibleText(path)}</span>
        <span className="d-md-none" title={path}>
          {visibleText(nameOf(path))}
        </span>
        {dirty && <span className="dirty-dot" title={t('files.dirty')} />}
      </h2>
      <span className="file-status" role="status">
        {saving ? t('files.saving') : dirty ? t('files.dirty') : file ? t('files.saved') : ''}
      </span>
      {page && (
        <a className="btn btn-sm btn-quiet" href={page} target="_blank" rel="noreferrer">
          <Icon name="box-arrow-up-right" size={13} />
          <span className="file-open-words">{t('files.openPage')}</span>
        </a>
      )}
      <button
        type="button"
        className="btn btn-sm btn-primary"
        disabled={!file || saving || (!dirty && file.version !== null)}
        title={t('files.saveKeys')}
        onClick={onSave}
      >
        {saving ? <Spinner /> : <Icon name="floppy" size={13} />}
        {t('action.save')}
      </button>
    </header>
  )
}

function useSaveKeys(save: () => Promise<void>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      event.preventDefault()
      void save()
    }
    // On the window: Ctrl-S saves wherever on the page the focus is. The editor binds no such key.
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })
}

/** The file that is open: its text in the editor, saving, and what stands against it. */
export function FilePane({ path, onBack }: { path: string; onBack: () => void }) {
  const { t } = useWords()
  const site = useSite().name
  const file = useOpenFiles(site).get(path)
  const { data, error, refetch } = useFile(site, path)
  const { save, saving, conflict, endConflict } = useSave(site, path)
  useSaveKeys(save)
  return (
    <section className="file-pane" aria-label={path}>
      <FileBar path={path} file={file} saving={saving} onSave={() => void save()} onBack={onBack} />
      {file?.stale && <p className="file-stale">{t('files.stale')}</p>}
      {error && !file && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && data.text === undefined && <NotEditable site={site} content={data} />}
      <Suspense fallback={<Spinner label={t('general.loading')} />}>
        {file && (
          <Editor id={`${site} ${path}`} file={file} onText={(changed, text) => editText(site, changed, text)} />
        )}
      </Suspense>
      {!file && !data && !error && <Spinner label={t('general.loading')} />}
      {conflict && file && <ConflictDialog site={site} file={file} onSave={save} onClose={endConflict} />}
    </section>
  )
}
