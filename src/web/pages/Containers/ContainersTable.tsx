import type { Site } from '../../../model/site.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { Pager } from '../../parts/Pager.js'
import { usePage } from '../../parts/use-page.js'
import { ContainerRow } from './ContainerRow.js'
import { COLUMNS, type Column, nextOrder, type Order } from './sort-containers.js'

interface Props {
  sites: Site[]
  order: Order
  onOrder: (order: Order) => void
  selection: ReadonlySet<string>
  onSelection: (names: ReadonlySet<string>) => void
}

const SHOWN_FROM: Partial<Record<Column, string>> = {
  owner: 'd-none d-lg-table-cell',
  stack: 'd-none d-xl-table-cell',
  cpu: 'list-meter d-none d-md-table-cell',
  memory: 'list-meter d-none d-md-table-cell',
  disk: 'list-meter d-none d-md-table-cell',
  restarts: 'd-none d-xl-table-cell',
  started: 'd-none d-xl-table-cell',
}

function ColumnHead({ column, order, onOrder }: { column: Column } & Pick<Props, 'order' | 'onOrder'>) {
  const { t } = useWords()
  const mine = order.column === column
  return (
    <th
      scope="col"
      className={SHOWN_FROM[column]}
      aria-sort={mine ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="sort-button" onClick={() => onOrder(nextOrder(order, column))}>
        {t(`containers.column.${column}`)}
        {mine && <Icon name={order.descending ? 'arrow-down' : 'arrow-up'} size={11} />}
      </button>
    </th>
  )
}

/** The containers of one page of the list. Selecting “all” means all that are found, on every page. */
export function ContainersTable({ sites, order, onOrder, selection, onSelection }: Props) {
  const { t } = useWords()
  const { rows, pager } = usePage(sites)
  const all = sites.length > 0 && sites.every(({ name }) => selection.has(name))
  const select = (name: string, selected: boolean) =>
    onSelection(new Set(selected ? [...selection, name] : [...selection].filter((other) => other !== name)))
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('containers.title')}</caption>
        <thead>
          <tr>
            <th scope="col" className="row-check">
              <input
                type="checkbox"
                className="form-check-input"
                aria-label={t('bulk.selectAll')}
                checked={all}
                onChange={() => onSelection(new Set(all ? [] : sites.map(({ name }) => name)))}
              />
            </th>
            {COLUMNS.map((column) => (
              <ColumnHead key={column} column={column} order={order} onOrder={onOrder} />
            ))}
            <th scope="col">
              <span className="visually-hidden">{t('general.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((site) => (
            <ContainerRow
              key={site.name}
              site={site}
              selected={selection.has(site.name)}
              onSelect={(selected) => select(site.name, selected)}
            />
          ))}
        </tbody>
      </table>
      {sites.length === 0 && <p className="list-nothing">{t('general.nothingFound')}</p>}
      <Pager {...pager} />
    </div>
  )
}
