import type { Site } from '../../../model/site.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { Pager } from '../../parts/Pager.js'
import { SelectAllHead } from '../../parts/SelectBoxes.js'
import { usePage } from '../../parts/use-page.js'
import type { Selection } from '../../parts/use-selection.js'
import { ContainerRow } from './ContainerRow.js'
import { COLUMNS, type Column, nextOrder, type Order } from './sort-containers.js'

interface Props {
  sites: Site[]
  order: Order
  onOrder: (order: Order) => void
  selection: Selection
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

/** The containers of one page of the list. */
export function ContainersTable({ sites, order, onOrder, selection }: Props) {
  const { t } = useWords()
  const { rows, pager } = usePage(sites)
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('containers.title')}</caption>
        <thead>
          <tr>
            <SelectAllHead selection={selection} />
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
            <ContainerRow key={site.name} site={site} selection={selection} />
          ))}
        </tbody>
      </table>
      {sites.length === 0 && <p className="list-nothing">{t('general.nothingFound')}</p>}
      <Pager {...pager} />
    </div>
  )
}
