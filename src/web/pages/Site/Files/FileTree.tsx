import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import { visibleText } from '../../../../model/visible-text.js'
import { useWords } from '../../../i18n/use-words.js'
import { Icon, type IconName } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { findNextRow } from './find-next-row.js'
import type { TreeRow } from './plan-tree.js'

interface Props {
  rows: TreeRow[]
  /** The row that has the focus in the tree. */
  active: string
  /** The file that is shown beside. */
  shown: string | undefined
  dirty: ReadonlySet<string>
  onActivate: (row: TreeRow) => void
  onMove: (path: string) => void
  onToggle: (path: string, open: boolean) => void
}

const isNote = ({ type }: TreeRow) => type === 'loading' || type === 'failed' || type === 'truncated'

function findIcon({ type, open, name }: TreeRow): IconName {
  if (type === 'folder') return open ? 'folder2-open' : 'folder'
  if (type === 'link') return 'link-45deg'
  if (/\.(png|jpe?g|gif|webp|svg|ico)$/i.test(name)) return 'file-earmark-image'
  if (/\.(php|phtml|html?|css|m?js|ts|json|sql|xml)$/i.test(name)) return 'file-earmark-code'
  return /\.(txt|md|log)$/i.test(name) ? 'file-earmark-text' : 'file-earmark'
}

function NoteRow({ row }: { row: TreeRow }) {
  const { t } = useWords()
  return (
    <div role="none" className="tree-row tree-note" style={{ paddingInlineStart: `${row.level * 16}px` }}>
      {row.type === 'loading' ? (
        <Spinner label={t('general.loading')} />
      ) : (
        t(row.type === 'failed' ? 'files.failed' : 'files.truncated')
      )}
    </div>
  )
}

function Row({ row, ...props }: Props & { row: TreeRow }) {
  const { t } = useWords()
  const ref = useRef<HTMLDivElement>(null)
  const active = row.path === props.active
  const folder = row.type === 'folder'
  useEffect(() => {
    // Arrow keys move the focus; it is not taken from elsewhere on the page.
    if (active && ref.current?.parentElement?.contains(document.activeElement)) ref.current.focus()
  }, [active])
  return (
    <div
      ref={ref}
      role="treeitem"
      aria-level={row.level}
      aria-selected={row.path === props.shown}
      aria-expanded={folder ? row.open : undefined}
      tabIndex={active ? 0 : -1}
      className="tree-row"
      style={{ paddingInlineStart: `${(row.level - 1) * 16 + 6}px` }}
      data-path={row.path}
    >
      <span className={`tree-twist ${row.open ? 'tree-twist-open' : ''}`}>
        {folder && <Icon name="chevron-right" size={11} />}
      </span>
      <Icon name={findIcon(row)} size={15} />
      <span className="tree-name">{visibleText(row.name)}</span>
      {props.dirty.has(row.path) && (
        <span className="dirty-dot" title={t('files.dirty')}>
          <span className="visually-hidden">{t('files.dirty')}</span>
        </span>
      )}
    </div>
  )
}

/** The files as a tree (WAI-ARIA tree view: arrows, Home, End, Enter). */
export function FileTree(props: Props) {
  const { t } = useWords()
  const { rows, active, onActivate, onMove, onToggle } = props
  const items = rows.filter((row) => !isNote(row))
  const press = (event: KeyboardEvent) => {
    const row = items.find(({ path }) => path === active)
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const next = findNextRow(items, row, event.key)
    if (event.key === 'Enter' || event.key === ' ') onActivate(row)
    else if (event.key === 'ArrowRight' && row.type === 'folder' && !row.open) onToggle(row.path, true)
    else if (event.key === 'ArrowLeft' && row.open) onToggle(row.path, false)
    else if (next) onMove(next.path)
    else return
    event.preventDefault()
  }
  const click = (event: MouseEvent) => {
    const path = (event.target as Element).closest<HTMLElement>('[data-path]')?.dataset.path
    const row = items.find((item) => item.path === path)
    if (row) onActivate(row)
  }
  return (
    <div role="tree" aria-label={t('files.tree')} className="tree" onKeyDown={press} onClick={click}>
      {rows.map((row) =>
        isNote(row) ? <NoteRow key={row.path} row={row} /> : <Row key={row.path} {...props} row={row} />,
      )}
    </div>
  )
}
