import { Link } from 'react-router'
import type { CertificateState } from '../../../model/certificate.js'
import type { ListedName } from '../../../model/domain.js'
import { visibleText } from '../../../model/visible-text.js'
import { translateServerText } from '../../i18n/server-texts.js'
import { UNKNOWN, useWords } from '../../i18n/use-words.js'
import { CertificateWords } from './CertificateWords.js'
import { leadsAway } from './judge-name.js'

/** Whose it is, and what shows it. */
function ProofWords({ name: { state, proof, losesAt, freeAt, owner } }: { name: ListedName }) {
  const { t, date } = useWords()
  return (
    <>
      <span className={state === 'failing' ? 'text-bad' : ''}>{t(`allNames.proof.${state}`)}</span>
      {proof === 'administrator' && <span className="row-note">{t('allNames.vouched')}</span>}
      {losesAt !== undefined && <span className="row-note">{t('allNames.loses', { when: date(losesAt) })}</span>}
      {freeAt !== undefined && (
        <span className="row-note">{t('allNames.keptFor', { owner: visibleText(owner), when: date(freeAt) })}</span>
      )}
    </>
  )
}

/** Where visitors of the name come to, as far as somebody has looked. */
function LeadsWords({ name }: { name: ListedName }) {
  const { t, language } = useWords()
  const { dns, check } = name
  const bad = leadsAway(name)
  if (dns)
    return (
      <span className={bad ? 'text-bad' : ''}>
        {t(`allNames.dns.${dns.state}`, { answer: visibleText(dns.answer ?? UNKNOWN) })}
      </span>
    )
  if (!check) return UNKNOWN
  return (
    <>
      <span className={bad ? 'text-bad' : ''}>{t(`allNames.leads.${check.leads}`)}</span>
      {bad && (
        <span className="row-note">
          {visibleText(translateServerText(check.leadsMessage, language) ?? check.leadsMessage)}
        </span>
      )}
    </>
  )
}

export function NameRow({ name, certificate }: { name: ListedName; certificate: CertificateState | undefined }) {
  const { title, site, owner } = name
  const shown = visibleText(title)
  return (
    <tr>
      <td className="list-name">
        {site === undefined ? (
          <span className="row-name">{shown}</span>
        ) : (
          <Link className="row-name" to={`/sites/${site}/domains`}>
            {shown}
          </Link>
        )}
        {title !== name.name && <span className="row-note">{name.name}</span>}
        <span className="row-note d-lg-none">
          {[...(site === undefined ? [] : [site]), visibleText(owner)].join(' · ')}
        </span>
        <div className="row-note d-md-none">
          <ProofWords name={name} />
        </div>
        {leadsAway(name) && (
          <div className="row-note d-xl-none">
            <LeadsWords name={name} />
          </div>
        )}
      </td>
      <td className="d-none d-lg-table-cell text-break">
        {site ?? UNKNOWN}
        <span className="row-note">{visibleText(owner)}</span>
      </td>
      <td className="d-none d-md-table-cell">
        <ProofWords name={name} />
      </td>
      <td className="d-none d-xl-table-cell">
        <LeadsWords name={name} />
      </td>
      <td>{certificate ? <CertificateWords certificate={certificate} /> : UNKNOWN}</td>
    </tr>
  )
}
