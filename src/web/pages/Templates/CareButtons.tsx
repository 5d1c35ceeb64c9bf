import { useState } from 'react'
import { isBehind, type TemplateInfo } from '../../../model/template-info.js'
import { callApi } from '../../api/call-api.js'
import { followOperation } from '../../api/followed.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { Spinner } from '../../parts/Spinner.js'

interface Props {
  templates: TemplateInfo[]
  /** One of the two is under way. */
  isBusy: boolean
  onError: (error: Error) => void
}

/** Looks for updates, and builds again what is behind. */
export function CareButtons({ templates, isBusy, onError }: Props) {
  const { t } = useWords()
  const [isSending, setSending] = useState(false)
  const behind = templates.filter((one) => one.current && isBehind(one) === true).length
  const begin = (started: Promise<{ operation: string }>) => {
    setSending(true)
    started.then(({ operation }) => followOperation(operation), onError).finally(() => setSending(false))
  }
  const isWaiting = isBusy || isSending
  return (
    <>
      <button
        type="button"
        className="btn btn-quiet"
        disabled={isWaiting}
        onClick={() => begin(callApi('checkTemplates', {}))}
      >
        {isWaiting ? <Spinner /> : <Icon name="search" />}
        {t('templates.check')}
      </button>
      <button
        type="button"
        className="btn btn-quiet"
        disabled={isWaiting || behind === 0}
        onClick={() => begin(callApi('updateTemplates', { body: {} }))}
      >
        <Icon name="arrow-clockwise" />
        {behind === 0 ? t('templates.update') : t('templates.updateCount', { count: behind })}
      </button>
    </>
  )
}
