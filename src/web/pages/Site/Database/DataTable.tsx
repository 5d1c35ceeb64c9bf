import type { DatabaseCell, DatabaseColumn } from '../../../../model/database.js'
import { visibleText } from '../../../../model/visible-text.js'
import { useWords } from '../../../i18n/use-words.js'
import { Icon } from '../../../parts/Icon.js'
import { Cell } from './Cell.js'
import { withPlaces } from './with-places.js'

export interface Sorting {
  column: string | undefined
  direction: 'up' | 'down'
  onSort: (column: string) => void
}

function Head({ name, type, sorting }: DatabaseColumn & { sorting: Sorting | undefined }) {
  const { t } = useWords()
  const shown = visibleText(name)
  const isSorted = sorting?.column === name
  return (
    <th scope="col" aria-sort={isSorted ? (sorting.direction === 'up' ? 'ascending' : 'descending') : undefined}>
      {sorting ? (
        <button
          type="button"
          className="sort-button"
          title={t('database.sort', { column: shown })}
          onClick={() => sorting.onSort(name)}
        >
          {shown}
          {isSorted && <Icon name={sorting.direction === 'up' ? 'arrow-up' : 'arrow-down'} size={12} />}
        </button>
      ) : (
        shown
      )}
      {type !== undefined && <span className="cell-kind">{visibleText(type)}</span>}
    </th>
  )
}

/** What scrolls must be reached by the keyboard. */
function reachByKeyboard(element: HTMLElement | null): void {
  if (element) element.tabIndex = 0
}

/** Rows as they came, in a frame of their own that scrolls. */
export function DataTable({
  label,
  columns,
  rows,
  sorting,
}: {
  label: string
  columns: DatabaseColumn[]
  rows: DatabaseCell[][]
  sorting?: Sorting
}) {
  return (
    <section className="data-table" aria-label={label} ref={reachByKeyboard}>
      <table className="table">
        <thead>
          <tr>
            {withPlaces(columns).map(({ item, place }) => (
              <Head key={place} {...item} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {withPlaces(rows).map((row) => (
            <tr key={row.place}>
              {withPlaces(row.item).map(({ item, place }) => (
                <td key={place}>
                  <Cell value={item} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
