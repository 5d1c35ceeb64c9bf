import { useState } from 'react'
import { giveAway } from '../../../api/backups.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { Field } from '../../../parts/Field.js'
import { Icon } from '../../../parts/Icon.js'
import { useSite } from '../use-site.js'

/** Gives the site to somebody else. */
export function HandOver() {
  const { t } = useWords()
  const { name, owner, operation } = useSite()
  const [asking, setAsking] = useState(false)
  const [login, setLogin] = useState('')
  const heir = login.trim()
  return (
    <section className="panel panel-body" aria-labelledby="hand-over-title">
      <h2 id="hand-over-title">{t('handOver.title')}</h2>
      <p>{t('handOver.text')}</p>
      <button
        type="button"
        className="btn btn-quiet"
        disabled={operation !== undefined}
        onClick={() => setAsking(true)}
      >
        <Icon name="people" />
        {t('handOver.title')}
      </button>
      {asking && (
        <ConfirmDialog
          title={t('handOver.title')}
          action={t('handOver.action')}
          danger
          disabled={heir === '' || heir === owner}
          onConfirm={() => giveAway(name, heir)}
          onClose={() => setAsking(false)}
        >
          <p>{t('handOver.warning')}</p>
          <Field
            label={t('handOver.to')}
            data-autofocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
        </ConfirmDialog>
      )}
    </section>
  )
}
