import { type DragEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import { queryClient } from '../../../api/query-client.js'
import { useWords } from '../../../i18n/use-words.js'
import { EmptyState } from '../../../parts/EmptyState.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { useSite } from '../use-site.js'
import { FilePane } from './FilePane.js'
import { FileTree } from './FileTree.js'
import { type DroppedFile, findDropped } from './find-dropped.js'
import { isDirty, useOpenFiles } from './open-files.js'
import { folderOf, isWithin } from './paths.js'
import type { TreeRow } from './plan-tree.js'
import { SearchPane } from './SearchPane.js'
import { TreeTools } from './TreeTools.js'
import { UploadList } from './UploadList.js'
import { addUploads } from './uploads.js'
import { useTree } from './use-tree.js'

/** The file in the address of the page: it can be linked to, and the browser's Back goes to the one before. */
function useShownFile(): [string | undefined, (path: string | undefined) => void] {
  const [search, setSearch] = useSearchParams()
  const shown = search.get('file') ?? undefined
  const show = (path: string | undefined) =>
    setSearch(path === undefined ? {} : { file: path }, { preventScrollReset: true })
  return [shown, show]
}

/** Files dropped on a row go into its folder; those dropped beside, into the folder of the active row. */
function useDrop(rows: TreeRow[], active: string, onFiles: (files: DroppedFile[]) => void) {
  const [over, setOver] = useState<string>()
  const findFolder = ({ target }: DragEvent): string => {
    const path = (target as Element).closest<HTMLElement>('[data-path]')?.dataset.path ?? active
    return rows.find((row) => row.path === path)?.type === 'folder' ? path : folderOf(path)
  }
  return {
    over,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(findFolder(event))
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(undefined)
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        setOver(undefined)
        void findDropped(event.dataTransfer, findFolder(event)).then(onFiles)
      },
    },
  }
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
  const [searching, setSearching] = useState(false)
  const arrived = () => void queryClient.invalidateQueries({ queryKey: ['folder', site.name] })
  const upload = (files: DroppedFile[]) => addUploads(site.name, files, arrived)
  const drop = useDrop(tree.rows, tree.active, upload)
  return (
    <div className={shown === undefined ? 'panel files' : 'panel files files-shown'}>
      <div className={drop.over === undefined ? 'files-tree' : 'files-tree files-over'} {...drop.handlers}>
        <TreeTools
          site={site.name}
          row={tree.rows.find(({ path }) => path === tree.active)}
          rows={tree.rows}
          onNew={added}
          onMoved={moved}
          onGone={gone}
          onFiles={upload}
          onSearch={() => setSearching(!searching)}
        />
        {tree.error && <ErrorNote error={tree.error} />}
        {searching ? (
          <SearchPane site={site.name} onFile={show} onClose={() => setSearching(false)} />
        ) : (
          <FileTree
            rows={tree.rows}
            active={tree.active}
            shown={shown}
            dirty={dirty}
            onActivate={activate}
            onMove={tree.setActive}
            onToggle={tree.toggle}
          />
        )}
        {drop.over !== undefined && (
          <p className="files-drop">{t('files.dropInto', { folder: `/home/site/${drop.over}` })}</p>
        )}
        <UploadList site={site.name} onDone={arrived} />
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
