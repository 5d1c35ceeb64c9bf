import type { DatabaseLook, DatabaseTable } from '../../../../model/database.js'
import { UNKNOWN, useWords } from '../../../i18n/use-words.js'
import { titleOf } from './title-of.js'

function TableLine({ table, isOpen, onOpen }: { table: DatabaseTable; isOpen: boolean; onOpen: () => void }) {
  const { t, bytes, number } = useWords()
  return (
    <tr className={isOpen ? 'row-selected' : undefined}>
      <td>
        <button type="button" className="table-name" aria-pressed={isOpen} onClick={onOpen}>
          {titleOf(table)}
        </button>
        {table.kind === 'view' && <span className="cell-kind">{t('database.view')}</span>}
      </td>
      <td className="text-end">{table.rows === null ? UNKNOWN : t('database.about', { rows: number(table.rows) })}</td>
      <td className="text-end">{bytes(table.sizeBytes)}</td>
    </tr>
  )
}

/** The tables, each with a button that shows its rows. */
export function TableList({
  look,
  open,
  onOpen,
}: {
  look: DatabaseLook
  open: Pick<DatabaseTable, 'schema' | 'name'> | undefined
  onOpen: (table: DatabaseTable) => void
}) {
  const { t } = useWords()
  if (look.tables.length === 0) return <p className="list-nothing">{t('database.noTables')}</p>
  return (
    <>
      <table className="table list table-list">
        <thead>
          <tr>
            <th scope="col">{t('database.table')}</th>
            <th scope="col" className="text-end">
              {t('database.rows')}
            </th>
            <th scope="col" className="text-end">
              {t('database.tableSize')}
            </th>
          </tr>
        </thead>
        <tbody>
          {look.tables.map((table) => (
            <TableLine
              key={`${table.schema ?? ''}.${table.name}`}
              table={table}
              isOpen={open?.name === table.name && open.schema === table.schema}
              onOpen={() => onOpen(table)}
            />
          ))}
        </tbody>
      </table>
      {look.truncated && <p className="list-nothing">{t('database.truncated')}</p>}
    </>
  )
}
