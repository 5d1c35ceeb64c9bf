import type { ListedBackups } from '../../../model/api/backups.js'
import { useWords } from '../../i18n/use-words.js'
import { Pager } from '../../parts/Pager.js'
import { usePage } from '../../parts/use-page.js'
import { SiteRow } from './SiteRow.js'

const COLUMNS = [
  ['site', ''],
  ['newest', 'd-none d-md-table-cell'],
  ['proof', ''],
  ['plan', 'd-none d-xl-table-cell'],
  ['elsewhere', 'd-none d-lg-table-cell'],
] as const

interface Props {
  sites: ListedBackups[]
  selection: ReadonlySet<string>
  onSelection: (sites: ReadonlySet<string>) => void
}

/** One page of the sites. Selecting “all” means all that are found, on every page. */
export function SitesTable({ sites, selection, onSelection }: Props) {
  const { t } = useWords()
  const { rows, pager } = usePage(sites)
  const all = sites.length > 0 && sites.every(({ site }) => selection.has(site))
  const select = (name: string, selected: boolean) =>
    onSelection(new Set(selected ? [...selection, name] : [...selection].filter((other) => other !== name)))
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('allBackups.title')}</caption>
        <thead>
          <tr>
            <th scope="col" className="row-check">
              <input
                type="checkbox"
                className="form-check-input"
                aria-label={t('sites.selectAll')}
                checked={all}
                onChange={() => onSelection(new Set(all ? [] : sites.map(({ site }) => site)))}
              />
            </th>
            {COLUMNS.map(([column, shownFrom]) => (
              <th key={column} scope="col" className={shownFrom}>
                {t(`allBackups.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((backups) => (
            <SiteRow
              key={backups.site}
              backups={backups}
              selected={selection.has(backups.site)}
              onSelect={(selected) => select(backups.site, selected)}
            />
          ))}
        </tbody>
      </table>
      {sites.length === 0 && <p className="list-nothing">{t('general.nothingFound')}</p>}
      <Pager {...pager} />
    </div>
  )
}
