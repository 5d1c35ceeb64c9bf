import { type ChangeEvent, useRef } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { Icon } from '../../../parts/Icon.js'
import { type DroppedFile, findChosen } from './find-dropped.js'

interface Props {
  /** Where what is chosen goes. */
  folder: string
  onFiles: (files: DroppedFile[]) => void
}

/** Chooses files, or a folder, to be uploaded. */
export function UploadButtons({ folder, onFiles }: Props) {
  const { t } = useWords()
  const files = useRef<HTMLInputElement>(null)
  const folders = useRef<HTMLInputElement>(null)
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    if (event.target.files) onFiles(findChosen(event.target.files, folder))
    event.target.value = ''
  }
  return (
    <>
      <button
        type="button"
        className="icon-button"
        title={t('files.upload')}
        aria-label={t('files.upload')}
        onClick={() => files.current?.click()}
      >
        <Icon name="upload" />
      </button>
      <button
        type="button"
        className="icon-button"
        title={t('files.uploadFolder')}
        aria-label={t('files.uploadFolder')}
        onClick={() => folders.current?.click()}
      >
        <Icon name="folder-symlink" />
      </button>
      <input ref={files} type="file" hidden multiple aria-label={t('files.upload')} onChange={choose} />
      <input
        ref={(input) => {
          folders.current = input
          // No attribute that React knows.
          if (input) input.webkitdirectory = true
        }}
        type="file"
        hidden
        aria-label={t('files.uploadFolder')}
        onChange={choose}
      />
    </>
  )
}
