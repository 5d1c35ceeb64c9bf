import { useState } from 'react'
import { useNavigate } from 'react-router'
import { destroySite } from '../../../api/power.js'
import { useStackWords } from '../../../i18n/use-stack-words.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { Icon } from '../../../parts/Icon.js'
import { useSite } from '../use-site.js'
import { HandOver } from './HandOver.js'

/** What will be gone, in a list. */
function Losses() {
  const { t, bytes } = useWords()
  const { nameOf } = useStackWords()
  const { usage, stack, domains } = useSite()
  return (
    <ul className="losses">
      <li>{t('danger.files', { size: bytes(usage?.diskUsedBytes) })}</li>
      {stack.database !== 'none' && <li>{t('danger.database', { database: nameOf(stack.database) })}</li>}
      <li>{t('danger.names', { names: domains.join(', ') })}</li>
      <li>{t('danger.access')}</li>
    </ul>
  )
}

/** Deletes the site: its files stay in the trash for some days. */
function DeleteSite() {
  const { t } = useWords()
  const site = useSite()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const destroy = async () => {
    await destroySite(site.name)
    await navigate('/sites')
  }
  return (
    <section className="panel panel-body panel-danger" aria-labelledby="danger-title">
      <h2 id="danger-title">{t('danger.title')}</h2>
      <p>{t('danger.text')}</p>
      <Losses />
      <p className="text-body-secondary">{t('danger.stays')}</p>
      <button type="button" className="btn btn-outline-danger" onClick={() => setAsking(true)}>
        <Icon name="trash3" />
        {t('danger.delete')}
      </button>
      {asking && (
        <ConfirmDialog
          title={t('danger.confirmTitle', { name: site.name })}
          action={t('danger.delete')}
          danger
          typed={site.name}
          onConfirm={destroy}
          onClose={() => setAsking(false)}
        >
          <p>{t('danger.text')}</p>
          <Losses />
        </ConfirmDialog>
      )}
    </section>
  )
}

/** What cannot be undone stands apart. */
export function Danger() {
  return (
    <>
      <HandOver />
      <DeleteSite />
    </>
  )
}
