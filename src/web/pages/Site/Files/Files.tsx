import { useSearchParams } from 'react-router'
import { useWords } from '../../../i18n/use-words.js'
import { EmptyState } from '../../../parts/EmptyState.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { useSite } from '../use-site.js'
import { FilePane } from './FilePane.js'
import { FileTree } from './FileTree.js'
import { isDirty, useOpenFiles } from './open-files.js'
import { isWithin } from './paths.js'
import type { TreeRow } from './plan-tree.js'
import { TreeTools } from './TreeTools.js'
import { useTree } from './use-tree.js'

/** The file in the address of the page: it can be linked to, and the browser's Back goes to the one before. */
function useShownFile(): [string | undefined, (path: string | undefined) => void] {
  const [search, setSearch] = useSearchParams()
  const shown = search.get('file') ?? undefined
  const show = (path: string | undefined) =>
    setSearch(path === undefined ? {} : { file: path }, { preventScrollReset: true })
  return [shown, show]
}

/** The site's files: a tree, and beside it the one that is open. On small screens one after the other. */
export function Files() {
  const { t } = useWords()
  const site = useSite()
  const [shown, show] = useShownFile()
  const tree = useTree(site.name, shown)
  const dirty = new Set([...useOpenFiles(site.name).values()].filter(isDirty).map(({ path }) => path))
  const activate = (row: TreeRow) => {
    tree.setActive(row.path)
    if (row.type === 'folder') tree.toggle(row.path, !row.open)
    else show(row.path)
  }
  const moved = (from: string, to: string) => {
    tree.setActive(to)
    if (shown !== undefined && isWithin(shown, from)) show(to + shown.slice(from.length))
  }
  const gone = (path: string) => {
    if (shown !== undefined && isWithin(shown, path)) show(undefined)
  }
  const added = (path: string, kind: 'file' | 'folder') => {
    tree.reveal(path, kind === 'folder')
    if (kind === 'file') show(path)
  }
  return (
    <div className={shown === undefined ? 'panel files' : 'panel files files-shown'}>
      <div className="files-tree">
        <TreeTools
          site={site.name}
          row={tree.rows.find(({ path }) => path === tree.active)}
          rows={tree.rows}
          onNew={added}
          onMoved={moved}
          onGone={gone}
        />
        {tree.error && <ErrorNote error={tree.error} />}
        <FileTree
          rows={tree.rows}
          active={tree.active}
          shown={shown}
          dirty={dirty}
          onActivate={activate}
          onMove={tree.setActive}
          onToggle={tree.toggle}
        />
      </div>
      {shown === undefined ? (
        <EmptyState title={t('files.chooseTitle')}>
          <p>{t('files.chooseText')}</p>
        </EmptyState>
      ) : (
        <FilePane key={shown} path={shown} onBack={() => show(undefined)} />
      )}
    </div>
  )
}
