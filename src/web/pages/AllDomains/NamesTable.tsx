import type { CertificateState } from '../../../model/certificate.js'
import type { ListedName } from '../../../model/domain.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { Pager } from '../../parts/Pager.js'
import { usePage } from '../../parts/use-page.js'
import { COLUMNS, type Column, type Order } from './find-names.js'
import { NameRow } from './NameRow.js'

const SHOWN_FROM: Partial<Record<Column, string>> = {
  site: 'd-none d-lg-table-cell',
  proof: 'd-none d-md-table-cell',
  leads: 'd-none d-xl-table-cell',
}

interface Props {
  names: ListedName[]
  order: Order
  onOrder: (order: Order) => void
  certificateOf: (name: ListedName) => CertificateState | undefined
}

function SortHead({ column, order, onOrder }: { column: Order['column'] } & Pick<Props, 'order' | 'onOrder'>) {
  const { t } = useWords()
  const mine = order.column === column
  return (
    <th
      scope="col"
      className={SHOWN_FROM[column]}
      aria-sort={mine ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className="sort-button"
        onClick={() => onOrder({ column, descending: mine && !order.descending })}
      >
        {t(`allNames.column.${column}`)}
        {mine && <Icon name={order.descending ? 'arrow-down' : 'arrow-up'} size={11} />}
      </button>
    </th>
  )
}

/** One page of the names. */
export function NamesTable({ names, order, onOrder, certificateOf }: Props) {
  const { t } = useWords()
  const { rows, pager } = usePage(names)
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('allNames.title')}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) =>
              column === 'proof' || column === 'leads' ? (
                <th key={column} scope="col" className={SHOWN_FROM[column]}>
                  {t(`allNames.column.${column}`)}
                </th>
              ) : (
                <SortHead key={column} column={column} order={order} onOrder={onOrder} />
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((name) => (
            <NameRow key={name.name} name={name} certificate={certificateOf(name)} />
          ))}
        </tbody>
      </table>
      {names.length === 0 && <p className="list-nothing">{t('general.nothingFound')}</p>}
      <Pager {...pager} />
    </div>
  )
}
