import type { DatabaseCell, DatabaseColumn, DatabaseLook, DatabaseRun, StatementResult } from '../model/database.js'
import { formatSize } from '../model/sizes.js'
import { renderTable } from './render-table.js'
import type { Paint } from './styles.js'

const UNKNOWN = '–'
/** What of a value fits into a line. */
const MOST_CHARACTERS = 60

/** A value in one line: NULL is painted otherwise than the text NULL. */
export function renderCell(cell: DatabaseCell | undefined): string {
  if (cell === null || cell === undefined) return 'NULL'
  if (typeof cell === 'string') return shorten(cell)
  if ('text' in cell) return `${shorten(cell.text)} (${formatSize(cell.sizeBytes)})`
  return `0x${shorten(Buffer.from(cell.binary, 'base64').toString('hex'))} (${formatSize(cell.sizeBytes)})`
}

function shorten(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line
}

export function renderTables({ tables, sizeBytes, truncated }: DatabaseLook, { paint }: { paint: Paint }): string {
  const list = renderTable(
    [
      { title: 'TABLE', text: ({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`) },
      { title: 'KIND', text: ({ kind }) => kind },
      { title: 'ROWS', text: ({ rows }) => (rows === null ? UNKNOWN : `~${rows}`), right: true },
      { title: 'SIZE', text: (table) => sizeOrUnknown(table.sizeBytes), right: true },
    ],
    tables,
    (title) => paint('dim', title),
  )
  return `${list}${truncated ? '… and more\n' : ''}${paint('dim', `${sizeOrUnknown(sizeBytes)} in all`)}\n`
}

const sizeOrUnknown = (sizeBytes: number | null): string => (sizeBytes === null ? UNKNOWN : formatSize(sizeBytes))

export function renderRows(columns: DatabaseColumn[], rows: DatabaseCell[][], { paint }: { paint: Paint }): string {
  const shown = columns.map(({ name }, index) => ({
    title: shorten(name),
    text: (row: DatabaseCell[]) => renderCell(row[index]),
    paint: (text: string, row: DatabaseCell[]) => (row[index] === null ? paint('dim', text) : text),
  }))
  return renderTable(shown, rows, (title) => paint('dim', title))
}

/** Results one below the other. */
export function renderRun({ statements }: DatabaseRun, context: { paint: Paint }): string {
  return statements.map((result) => renderResult(result, context)).join('')
}

function renderResult({ columns, rows, affected, truncated }: StatementResult, context: { paint: Paint }): string {
  if (!columns || !rows) return `${affected === undefined ? 'done' : `${affected} rows changed`}\n`
  return renderRows(columns, rows, context) + (truncated ? '… and more\n' : '')
}
