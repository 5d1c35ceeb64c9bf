import { useState } from 'react'
import type { ListedCopy } from '../../../model/off-site.js'
import { callApi } from '../../api/call-api.js'
import { useWords } from '../../i18n/use-words.js'
import { CopyDialog } from '../../parts/CopyDialog.js'
import { Field } from '../../parts/Field.js'

/** Asks what the site shall be called that is made of a copy, and whose it is. */
export function RestoreCopy({ copy, onClose }: { copy: ListedCopy; onClose: () => void }) {
  const { t, date } = useWords()
  const [owner, setOwner] = useState('')
  const { key, id, site, createdAt } = copy
  return (
    <CopyDialog
      title={t('offSite.restoreTitle', { site, when: date(createdAt) })}
      action={t('backups.restore')}
      name={site}
      onCopy={(name) =>
        callApi('restoreOffSite', {
          params: { key, id },
          body: { name, ...(owner.trim() !== '' && { owner: owner.trim() }) },
        })
      }
      onClose={onClose}
    >
      <p>{t('offSite.restoreText')}</p>
      <Field
        label={t('offSite.owner')}
        hint={t('offSite.ownerHint')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={owner}
        onChange={(event) => setOwner(event.target.value)}
      />
    </CopyDialog>
  )
}
