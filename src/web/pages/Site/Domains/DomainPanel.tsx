import { useId, useState } from 'react'
import type { SiteDomain } from '../../../../model/domain.js'
import type { Site } from '../../../../model/site.js'
import { checkDomain, removeDomain } from '../../../api/domains.js'
import { translateServerText } from '../../../i18n/server-texts.js'
import { useWords } from '../../../i18n/use-words.js'
import { Address } from '../../../parts/Address.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { CopyButton } from '../../../parts/CopyButton.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { CertificateLine } from './CertificateLine.js'

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>
        <code className="text-break">{text}</code>
        <CopyButton text={text} what={label} />
      </dd>
    </div>
  )
}

/** The record to make, to be copied piece by piece as registrars ask for it. */
function RecordToMake({ record }: { record: SiteDomain['record'] }) {
  const { t } = useWords()
  return (
    <>
      <p>{t('domains.recordText')}</p>
      <dl className="facts facts-wide">
        <Copied label={t('domains.recordName')} text={record.name} />
        <Copied label={t('domains.recordType')} text={record.type} />
        <Copied label={t('domains.recordValue')} text={record.value} />
      </dl>
    </>
  )
}

/** What DNS said last. */
function LastLook({ check }: { check: NonNullable<SiteDomain['check']> }) {
  const { t, language, ago } = useWords()
  const say = (text: string) => translateServerText(text, language) ?? text
  return (
    <ul className="item-list" aria-live="polite">
      <li>
        <Icon name={check.ownership === 'proven' ? 'check-circle-fill' : 'exclamation-triangle'} />
        <span className="text-break">{say(check.message)}</span>
      </li>
      <li>
        <Icon name={check.leads === 'here' ? 'check-circle-fill' : 'exclamation-triangle'} />
        <span className="text-break">{say(check.leadsMessage)}</span>
      </li>
      <li className="text-body-secondary">{t('domains.looked', { when: ago(check.at) })}</li>
    </ul>
  )
}

/** One name of the site's own: its state, what proves it, and what is left to do. */
export function DomainPanel({ site, domain }: { site: Site; domain: SiteDomain }) {
  const { t, date } = useWords()
  const id = useId()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const { name, title, state, proof, check, losesAt, record, certificate } = domain
  const look = async () => {
    setBusy(true)
    setError(undefined)
    await checkDomain(site.name, name).catch(setError)
    setBusy(false)
  }
  return (
    <section className="panel panel-body" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id} className="text-break">
          {title}
        </h2>
        {proof !== 'administrator' && (
          <button type="button" className="btn btn-sm btn-quiet" disabled={busy} onClick={() => void look()}>
            {busy ? <Spinner /> : <Icon name="arrow-clockwise" size={14} />}
            {t('domains.check')}
          </button>
        )}
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => setAsking(true)}>
          <Icon name="trash3" size={14} />
          {t('action.remove')}
        </button>
      </div>
      <p>
        <span className="tag">{t(`domains.${state}`)}</span>{' '}
        {state !== 'waiting' && <Address url={site.url.replace(site.domains[0] ?? '', name)} />}
      </p>
      {proof === 'administrator' && <p className="mb-0">{t('domains.vouched')}</p>}
      {losesAt !== undefined && <p>{t('domains.loses', { when: date(losesAt) })}</p>}
      {state !== 'served' && <RecordToMake record={record} />}
      {certificate && <CertificateLine site={site} domain={domain} certificate={certificate} />}
      {check && <LastLook check={check} />}
      {error && <ErrorNote error={error} />}
      {asking && (
        <ConfirmDialog
          title={t('domains.remove', { domain: title })}
          action={t('action.remove')}
          danger
          onConfirm={() => removeDomain(site.name, name)}
          onClose={() => setAsking(false)}
        >
          <p className="mb-0">{t('domains.removeText')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
