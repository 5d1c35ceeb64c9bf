import { Link } from 'react-router'
import type { Site } from '../../../model/site.js'
import { findCpuMilli } from '../../api/cpu-rates.js'
import { useStackWords } from '../../i18n/use-stack-words.js'
import { useWords } from '../../i18n/use-words.js'
import { Meter } from '../../parts/Meter.js'
import { PowerButtons } from '../../parts/PowerButtons.js'
import { SelectCell } from '../../parts/SelectBoxes.js'
import { SiteState } from '../../parts/SiteState.js'
import type { Selection } from '../../parts/use-selection.js'

function Meters({ site }: { site: Site }) {
  const { t, bytes, cores } = useWords()
  const { usage, limits } = site
  return (
    <>
      <td className="d-none d-md-table-cell">
        <Meter compact label={t('usage.cpu')} used={findCpuMilli(site.name)} limit={limits.cpuMilli} format={cores} />
      </td>
      <td className="d-none d-md-table-cell">
        <Meter compact label={t('usage.memory')} used={usage?.memoryBytes} limit={limits.memoryBytes} format={bytes} />
      </td>
      <td className="d-none d-md-table-cell">
        <Meter compact label={t('usage.disk')} used={usage?.diskUsedBytes} limit={limits.diskBytes} format={bytes} />
      </td>
    </>
  )
}

export function ContainerRow({ site, selection }: { site: Site; selection: Selection }) {
  const { ago, date, number } = useWords()
  const { stackOf } = useStackWords()
  return (
    <tr className={selection.has(site.name) ? 'row-selected' : ''}>
      <SelectCell site={site} selection={selection} />
      <td>
        <Link className="row-name" to={`/sites/${site.name}`}>
          {site.name}
        </Link>
        <span className="row-note d-lg-none">{site.owner}</span>
      </td>
      <td className="d-none d-lg-table-cell">{site.owner}</td>
      <td>
        <SiteState site={site} />
      </td>
      <td className="d-none d-xl-table-cell text-body-secondary">{stackOf(site.stack)}</td>
      <Meters site={site} />
      <td className="d-none d-xl-table-cell text-end">{number(site.restarts)}</td>
      <td className="d-none d-xl-table-cell text-nowrap" title={site.startedAt && date(site.startedAt)}>
        {ago(site.startedAt)}
      </td>
      <td className="row-actions">
        <PowerButtons site={site} compact />
      </td>
    </tr>
  )
}
