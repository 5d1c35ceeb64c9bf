import { Link } from 'react-router'
import type { Operation } from '../../../model/operation.js'
import type { Site } from '../../../model/site.js'
import { useStackWords } from '../../i18n/use-stack-words.js'
import { UNKNOWN, useWords } from '../../i18n/use-words.js'
import { Address, shortAddress } from '../../parts/Address.js'
import { CancelButton } from '../../parts/CancelButton.js'
import { Icon } from '../../parts/Icon.js'
import { Meter } from '../../parts/Meter.js'
import { PowerButtons } from '../../parts/PowerButtons.js'
import { SelectCell } from '../../parts/SelectBoxes.js'
import { SiteState } from '../../parts/SiteState.js'
import type { Selection } from '../../parts/use-selection.js'

function LastAction({ last }: { last: Operation | undefined }) {
  const { t, ago, date } = useWords()
  if (!last) return UNKNOWN
  const at = last.endedAt ?? last.createdAt
  return (
    <>
      {t(`operation.kind.${last.kind}`)}
      <time className="row-note" dateTime={at} title={date(at)}>
        {ago(at)}
      </time>
    </>
  )
}

/** One of the person's sites; `last` is what was done to it last. */
export function SiteRow({ site, last, selection }: { site: Site; last: Operation | undefined; selection: Selection }) {
  const { t, bytes } = useWords()
  const { stackOf } = useStackWords()
  return (
    <tr className={selection.has(site.name) ? 'row-selected' : ''}>
      <SelectCell site={site} selection={selection} />
      <td className="list-name">
        <Link className="row-name" to={`/sites/${site.name}`}>
          {site.name}
        </Link>
        <span className="row-note d-sm-none text-truncate">{shortAddress(site.url)}</span>
        <span className="row-note d-none d-sm-block">{stackOf(site.stack)}</span>
      </td>
      <td>
        <SiteState site={site} />
      </td>
      <td className="d-none d-sm-table-cell">
        <Address url={site.url} />
      </td>
      <td className="d-none d-lg-table-cell">
        <Meter
          compact
          label={t('usage.memory')}
          used={site.usage?.memoryBytes}
          limit={site.limits.memoryBytes}
          format={bytes}
        />
      </td>
      <td className="d-none d-lg-table-cell">
        <Meter
          compact
          label={t('usage.disk')}
          used={site.usage?.diskUsedBytes}
          limit={site.limits.diskBytes}
          format={bytes}
        />
      </td>
      <td className="d-none d-xl-table-cell">
        <LastAction last={last} />
      </td>
      <td className="row-actions">
        {last?.kind === 'site.create' && <CancelButton operation={last} />}
        <PowerButtons site={site} compact />
        <a
          className="icon-button d-sm-none"
          href={site.url}
          target="_blank"
          rel="noreferrer"
          aria-label={t('site.openWhich', { name: site.name })}
        >
          <Icon name="box-arrow-up-right" />
        </a>
      </td>
    </tr>
  )
}
