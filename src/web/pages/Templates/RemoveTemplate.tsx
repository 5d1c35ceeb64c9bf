import { useState } from 'react'
import type { TemplateInfo } from '../../../model/template-info.js'
import { callApi } from '../../api/call-api.js'
import { templatesQuery } from '../../api/platform.js'
import { queryClient } from '../../api/query-client.js'
import { useStackWords } from '../../i18n/use-stack-words.js'
import { useWords } from '../../i18n/use-words.js'
import { ConfirmDialog } from '../../parts/ConfirmDialog.js'
import { Icon } from '../../parts/Icon.js'

/** Removes a template that no site uses. */
export function RemoveTemplate({ template }: { template: TemplateInfo }) {
  const { t } = useWords()
  const { stackOf } = useStackWords()
  const [asking, setAsking] = useState(false)
  const label = t('templates.remove', { stack: stackOf(template.stack) })
  const remove = async () => {
    await callApi('removeTemplate', { params: { digest: template.digest } })
    await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey })
  }
  if (template.containers > 0) return null
  return (
    <>
      <button type="button" className="icon-button" title={label} aria-label={label} onClick={() => setAsking(true)}>
        <Icon name="trash3" size={14} />
      </button>
      {asking && (
        <ConfirmDialog
          title={label}
          action={t('action.delete')}
          danger
          onConfirm={remove}
          onClose={() => setAsking(false)}
        >
          <p className="mb-0">{t('templates.removeText')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
