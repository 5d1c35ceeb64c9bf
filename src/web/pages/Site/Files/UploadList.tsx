import { visibleText } from '../../../../model/visible-text.js'
import { useErrorWords } from '../../../i18n/use-error-words.js'
import { useWords } from '../../../i18n/use-words.js'
import { Icon } from '../../../parts/Icon.js'
import { nameOf } from './paths.js'
import { dropUploads, retryUpload, type Upload, useUploads } from './uploads.js'

const MOST_SHOWN = 50

function UploadRow({ upload, onDone }: { upload: Upload; onDone: (path: string) => void }) {
  const { t, bytes } = useWords()
  const say = useErrorWords()
  const { id, path, file, sentBytes, state, error } = upload
  const words =
    state === 'sending'
      ? t('upload.progress', { sent: bytes(sentBytes), all: bytes(file.size) })
      : state === 'failed' && error
        ? say(error).message
        : t(`upload.${state}`)
  return (
    <li className={`upload upload-${state}`}>
      <span className="upload-name" title={visibleText(path)}>
        {visibleText(nameOf(path))}
      </span>
      <span className="upload-words">{words}</span>
      {state === 'sending' && (
        <progress
          aria-label={t('upload.of', { name: visibleText(nameOf(path)) })}
          max={Math.max(1, file.size)}
          value={sentBytes}
        />
      )}
      {(state === 'exists' || state === 'failed') && (
        <button
          type="button"
          className="btn btn-sm btn-quiet"
          onClick={() => retryUpload(id, state === 'exists' || upload.replace, onDone)}
        >
          {t(state === 'exists' ? 'upload.replace' : 'upload.retry')}
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={t('upload.drop', { name: visibleText(nameOf(path)) })}
        onClick={() => dropUploads([id])}
      >
        <Icon name="x-lg" size={11} />
      </button>
    </li>
  )
}

/** What is on its way to the site, and what became of it. Files that arrived are only counted. */
export function UploadList({ site, onDone }: { site: string; onDone: (path: string) => void }) {
  const { t } = useWords()
  const uploads = useUploads(site)
  if (uploads.length === 0) return null
  const done = uploads.filter(({ state }) => state === 'done').length
  const rest = uploads.filter(({ state }) => state !== 'done')
  return (
    <section className="uploads" aria-label={t('upload.title')}>
      <header>
        <span role="status">{t('upload.count', { done, count: uploads.length })}</span>
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => dropUploads(uploads.map(({ id }) => id))}>
          {t(rest.length === 0 ? 'action.close' : 'upload.dropAll')}
        </button>
      </header>
      <ul>
        {rest.slice(0, MOST_SHOWN).map((upload) => (
          <UploadRow key={upload.id} upload={upload} onDone={onDone} />
        ))}
      </ul>
    </section>
  )
}
