import { useState } from 'react'
import { callApi } from '../../../api/call-api.js'
import { saveText } from '../../../api/files.js'
import { queryClient } from '../../../api/query-client.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { Icon, type IconName } from '../../../parts/Icon.js'
import { NameDialog } from './NameDialog.js'
import { closeFiles, moveFiles } from './open-files.js'
import { folderOf, joinPath, nameOf } from './paths.js'
import type { TreeRow } from './plan-tree.js'

type Asking = 'file' | 'folder' | 'rename' | 'remove'

interface Props {
  site: string
  row: TreeRow | undefined
  rows: TreeRow[]
  /** Something new is at this path, and to be shown. */
  onNew: (path: string, kind: 'file' | 'folder') => void
  onMoved: (from: string, to: string) => void
  onGone: (path: string) => void
}

const refresh = (site: string) => queryClient.invalidateQueries({ queryKey: ['folder', site] })

function useTools({ site, onNew, onMoved, onGone }: Props) {
  const params = { name: site }
  return {
    file: async (path: string) => {
      await saveText(site, path, null, '')
      await refresh(site)
      onNew(path, 'file')
    },
    folder: async (path: string) => {
      await callApi('makeFolder', { params, query: { path } })
      await refresh(site)
      onNew(path, 'folder')
    },
    rename: async (from: string, to: string) => {
      if (from === to) return
      await callApi('renameFile', { params, body: { from, to } })
      moveFiles(site, from, to)
      await refresh(site)
      onMoved(from, to)
    },
    remove: async (path: string) => {
      await callApi('removeFile', { params, query: { path } })
      closeFiles(site, path)
      await refresh(site)
      onGone(path)
    },
  }
}

/** Whichever of the dialogs is asked for. */
function ToolDialog({ asking, onClose, ...props }: Props & { asking: Asking; onClose: () => void }) {
  const { t } = useWords()
  const tools = useTools(props)
  const { row, rows } = props
  const path = row?.path ?? ''
  if (asking === 'remove')
    return (
      <ConfirmDialog
        title={t('files.removeTitle', { name: nameOf(path) })}
        action={t('action.delete')}
        danger
        onConfirm={() => tools.remove(path)}
        onClose={onClose}
      >
        <p className="mb-0">{t(row?.type === 'folder' ? 'files.removeFolder' : 'files.removeFile')}</p>
      </ConfirmDialog>
    )
  const folder = asking !== 'rename' && row?.type === 'folder' ? path : folderOf(path)
  const taken = rows.filter((other) => folderOf(other.path) === folder).map(({ name }) => name)
  const act = (name: string) => {
    const to = joinPath(folder, name)
    return asking === 'rename' ? tools.rename(path, to) : tools[asking](to)
  }
  return (
    <NameDialog
      title={t(`files.${asking}Title`)}
      action={t(asking === 'rename' ? 'files.rename' : 'action.create')}
      folder={folder}
      taken={taken}
      {...(asking === 'rename' && { name: nameOf(path) })}
      onName={act}
      onClose={onClose}
    />
  )
}

const TOOLS = [
  ['file', 'file-earmark-plus', 'files.newFile'],
  ['folder', 'folder-plus', 'files.newFolder'],
  ['rename', 'pencil', 'files.rename'],
  ['remove', 'trash3', 'action.delete'],
] as const satisfies readonly (readonly [Asking, IconName, string])[]

/** What can be done with the row that is active in the tree. */
export function TreeTools(props: Props) {
  const { t } = useWords()
  const [asking, setAsking] = useState<Asking>()
  return (
    <div className="tree-tools" role="toolbar" aria-label={t('files.tools')}>
      {TOOLS.map(([tool, icon, text]) => (
        <button
          key={tool}
          type="button"
          className="icon-button"
          title={t(text)}
          aria-label={t(text)}
          disabled={!props.row && (tool === 'rename' || tool === 'remove')}
          onClick={() => setAsking(tool)}
        >
          <Icon name={icon} />
        </button>
      ))}
      <button
        type="button"
        className="icon-button ms-auto"
        title={t('action.refresh')}
        aria-label={t('action.refresh')}
        onClick={() => void refresh(props.site)}
      >
        <Icon name="arrow-clockwise" />
      </button>
      {asking && <ToolDialog {...props} asking={asking} onClose={() => setAsking(undefined)} />}
    </div>
  )
}
