import { useState } from 'react'
import type { TemplateInfo } from '../../../model/template-info.js'
import { callApi } from '../../api/call-api.js'
import { followOperation } from '../../api/followed.js'
import { useWords } from '../../i18n/use-words.js'

interface Props {
  templates: TemplateInfo[]
  /** Other work on templates is under way. */
  isBusy: boolean
  onError: (error: Error) => void
}

/** Says that sites still run on former templates, and moves them. */
export function MoveSites({ templates, isBusy, onError }: Props) {
  const { t } = useWords()
  const [isSending, setSending] = useState(false)
  const count = templates.filter((one) => !one.current).reduce((sum, { containers }) => sum + containers, 0)
  if (count === 0) return null
  const move = () => {
    setSending(true)
    callApi('rollOutTemplates', { body: {} })
      .then(({ operation }) => followOperation(operation), onError)
      .finally(() => setSending(false))
  }
  return (
    <section className="panel panel-body" aria-label={t('templates.move')}>
      <p>{t('templates.moveText', { count })}</p>
      <button type="button" className="btn btn-quiet" disabled={isBusy || isSending} onClick={move}>
        {t('templates.move')}
      </button>
    </section>
  )
}
