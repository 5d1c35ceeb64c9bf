import { useState } from 'react'
import { useWords } from '../../i18n/use-words.js'
import { FromArchive } from './FromArchive.js'
import { FromBackup } from './FromBackup.js'

/** How else a site can begin: folded away, and asked for only when it is opened. */
export function OtherBeginning() {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <details className="panel other-beginning" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('create.other.title')}</summary>
      {open && (
        <div>
          <FromBackup />
          <FromArchive />
        </div>
      )}
    </details>
  )
}
