import { visibleText } from '../model/visible-text.js'

export interface Column<Row> {
  title: string
  text(row: Row): string
  /** Numbers stand at the right. */
  right?: boolean
  /** Dresses the padded text; must not change its width. */
  paint?(text: string, row: Row): string
}

/** Aligned columns, one line per row, titles first. What rows contain is made safe for terminals. */
export function renderTable<Row>(columns: Column<Row>[], rows: Row[], paintTitle = (title: string) => title): string {
  const cells = rows.map((row) => columns.map((column) => visibleText(column.text(row)).replaceAll('\t', ' ')))
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => [...(line[index] ?? '')].length)),
  )
  const pad = (text: string, index: number) => {
    const room = ' '.repeat((widths[index] ?? 0) - [...text].length)
    if (columns[index]?.right) return room + text
    return index === columns.length - 1 ? text : text + room
  }
  const titles = columns.map((column, index) => paintTitle(pad(column.title, index))).join('  ')
  const lines = rows.map((row, line) =>
    columns
      .map((column, index) => {
        const text = pad(cells[line]?.[index] ?? '', index)
        return column.paint ? column.paint(text, row) : text
      })
      .join('  '),
  )
  return `${[titles, ...lines].map((line) => line.trimEnd()).join('\n')}\n`
}

/** Names and values below each other: `state   running`. Values that are undefined are left out. */
export function renderPairs(pairs: [string, string | undefined][], paintName = (name: string) => name): string {
  const shown = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${paintName(name.padEnd(width))}  ${visibleText(value)}\n`).join('')
}
