import { useState } from 'react'
import { callApi } from '../../../api/call-api.js'
import { followOperation } from '../../../api/followed.js'
import { showOperation } from '../../../api/power.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { Icon } from '../../../parts/Icon.js'

/** Makes a new password for SFTP or the database, after saying what then stops working. */
export function RotateButton({
  site,
  which,
  disabled,
}: {
  site: string
  which: 'sftp' | 'database'
  disabled: boolean
}) {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const rotate = async () => {
    const { operation } = await callApi('rotatePassword', { params: { name: site }, body: { which } })
    followOperation(operation)
    showOperation(site, operation)
  }
  return (
    <>
      <button type="button" className="btn btn-sm btn-quiet" disabled={disabled} onClick={() => setAsking(true)}>
        <Icon name="key" size={14} />
        {t('access.rotate')}
      </button>
      {asking && (
        <ConfirmDialog
          title={t(`access.${which}RotateTitle`)}
          action={t('access.rotate')}
          onConfirm={rotate}
          onClose={() => setAsking(false)}
        >
          <p className="mb-0">{t(`access.${which}RotateText`)}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
