import { Link } from 'react-router'
import type { ListedBackups } from '../../../model/api/backups.js'
import { visibleText } from '../../../model/visible-text.js'
import { translateServerText } from '../../i18n/server-texts.js'
import { UNKNOWN, useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'

/** Only a backup that was restored and answered is green. */
function ProofWords({ backups: { newest, provenAt } }: { backups: ListedBackups }) {
  const { t, ago, date, language } = useWords()
  if (!newest) return <span className="text-bad">{t('allBackups.none')}</span>
  const { proof } = newest
  if (proof?.proven)
    return (
      <span className="text-ok">
        <Icon name="check-circle-fill" size={14} /> {t('backups.proven', { ago: ago(proof.at) })}
      </span>
    )
  return (
    <>
      <span className={proof ? 'text-bad' : ''}>
        {t(proof ? 'backups.unproven' : 'backups.untried')}
        {proof?.reason !== undefined && ` ${visibleText(translateServerText(proof.reason, language) ?? proof.reason)}`}
      </span>
      <span className="row-note">
        {provenAt === undefined ? t('allBackups.neverProven') : t('allBackups.lastProven', { when: date(provenAt) })}
      </span>
    </>
  )
}

function ElsewhereWords({ offSite }: Pick<ListedBackups, 'offSite'>) {
  const { t, ago, date, language } = useWords()
  if (!offSite) return UNKNOWN
  const { copiedAt, reason, nextAt } = offSite
  if (copiedAt !== undefined) return t('allBackups.copied', { ago: ago(copiedAt) })
  if (reason === undefined) return t('allBackups.waits')
  return (
    <>
      <span className="text-bad">
        {t('allBackups.failed', { why: visibleText(translateServerText(reason, language) ?? reason) })}
      </span>
      {nextAt !== undefined && <span className="row-note">{t('allBackups.nextTry', { when: date(nextAt) })}</span>}
    </>
  )
}

interface Props {
  backups: ListedBackups
  selected: boolean
  onSelect: (selected: boolean) => void
}

export function SiteRow({ backups, selected, onSelect }: Props) {
  const { t, ago, date, bytes } = useWords()
  const { site, owner, newest, count, sizeBytes, daily, nextAt, offSite } = backups
  return (
    <tr className={selected ? 'row-selected' : ''}>
      <td className="row-check">
        <input
          type="checkbox"
          className="form-check-input"
          aria-label={t('sites.select', { name: site })}
          checked={selected}
          onChange={(event) => onSelect(event.target.checked)}
        />
      </td>
      <td>
        <Link className="row-name" to={`/sites/${site}`}>
          {site}
        </Link>
        <span className="row-note">{visibleText(owner)}</span>
        {offSite?.reason !== undefined && (
          <div className="row-note d-lg-none">
            <ElsewhereWords offSite={offSite} />
          </div>
        )}
      </td>
      <td className="d-none d-md-table-cell">
        <span title={newest && date(newest.createdAt)}>{ago(newest?.createdAt)}</span>
        {newest && (
          <span className="row-note">
            {bytes(newest.sizeBytes)} · {t('allBackups.kept', { count, size: bytes(sizeBytes) })}
          </span>
        )}
      </td>
      <td className="text-break">
        <ProofWords backups={backups} />
      </td>
      <td className="d-none d-xl-table-cell">
        {daily && nextAt !== undefined ? t('allBackups.next', { when: date(nextAt) }) : t('allBackups.off')}
      </td>
      <td className="d-none d-lg-table-cell">
        <ElsewhereWords offSite={offSite} />
      </td>
    </tr>
  )
}
