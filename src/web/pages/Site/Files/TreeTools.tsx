import { useState } from 'react'
import { callApi } from '../../../api/call-api.js'
import { saveText } from '../../../api/files.js'
import { queryClient } from '../../../api/query-client.js'
import { downloadUrl } from '../../../api/transfers.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { Icon, type IconName } from '../../../parts/Icon.js'
import { Menu } from '../../../parts/Menu.js'
import type { DroppedFile } from './find-dropped.js'
import { ModeDialog } from './ModeDialog.js'
import { MoveDialog } from './MoveDialog.js'
import { NameDialog } from './NameDialog.js'
import { closeFiles, moveFiles } from './open-files.js'
import { folderOf, joinPath, nameOf } from './paths.js'
import type { TreeRow } from './plan-tree.js'
import { UnpackDialog } from './UnpackDialog.js'
import { UploadButtons } from './UploadButtons.js'

type Asking = 'file' | 'folder' | 'rename' | 'remove' | 'move' | 'mode' | 'unpack'

interface Props {
  site: string
  row: TreeRow | undefined
  rows: TreeRow[]
  /** Something new is at this path, and to be shown. */
  onNew: (path: string, kind: 'file' | 'folder') => void
  onMoved: (from: string, to: string) => void
  onGone: (path: string) => void
  onFiles: (files: DroppedFile[]) => void
  onSearch: () => void
}

const refresh = (site: string) => queryClient.invalidateQueries({ queryKey: ['folder', site] })

function useTools({ site, onNew, onMoved, onGone }: Pick<Props, 'site' | 'onNew' | 'onMoved' | 'onGone'>) {
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
    copy: async (from: string, to: string) => {
      await callApi('copyFile', { params, body: { from, to } })
      await refresh(site)
    },
    mode: async (path: string, mode: number) => {
      await callApi('setFileMode', { params, query: { path }, body: { mode } })
      await refresh(site)
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
  if (asking === 'unpack') return <UnpackDialog site={props.site} path={path} onClose={onClose} />
  if (asking === 'mode')
    return <ModeDialog path={path} mode={row?.mode ?? 0} onMode={(mode) => tools.mode(path, mode)} onClose={onClose} />
  if (asking === 'move')
    return (
      <MoveDialog
        path={path}
        onMove={(to, how) => (how === 'copy' ? tools.copy(path, to) : tools.rename(path, to))}
        onClose={onClose}
      />
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

const isArchive = (row: TreeRow) => row.type === 'file' && /\.(zip|tar|tgz|tbz2?|txz|tar\.\w+)$/i.test(row.name)

/** What is done less often with the row that is active. */
function MoreTools({ site, row, onAsk }: Pick<Props, 'site'> & { row: TreeRow; onAsk: (asking: Asking) => void }) {
  const { t } = useWords()
  return (
    <Menu label={t('files.more')} button={<Icon name="three-dots" />} className="tree-more">
      {row.type === 'file' && (
        <a className="menu-item" href={downloadUrl(site, row.path)} download>
          {t('files.download')}
        </a>
      )}
      {(['zip', 'tar'] as const).map((format) => (
        <a key={format} className="menu-item" href={downloadUrl(site, row.path, format)} download>
          {t('files.downloadAs', { format })}
        </a>
      ))}
      <button type="button" className="menu-item" onClick={() => onAsk('move')}>
        {t('files.moveOrCopy')}
      </button>
      <button type="button" className="menu-item" onClick={() => onAsk('mode')}>
        {t('files.modes')}
      </button>
      {isArchive(row) && (
        <button type="button" className="menu-item" onClick={() => onAsk('unpack')}>
          {t('files.unpackDots')}
        </button>
      )}
    </Menu>
  )
}

/** What can be done with the row that is active in the tree. */
export function TreeTools(props: Props) {
  const { t } = useWords()
  const { site, row } = props
  const [asking, setAsking] = useState<Asking>()
  const folder = row?.type === 'folder' ? row.path : folderOf(row?.path ?? '')
  return (
    <div className="tree-tools" role="toolbar" aria-label={t('files.tools')}>
      {TOOLS.map(([tool, icon, text]) => (
        <button
          key={tool}
          type="button"
          className="icon-button"
          title={t(text)}
          aria-label={t(text)}
          disabled={!row && (tool === 'rename' || tool === 'remove')}
          onClick={() => setAsking(tool)}
        >
          <Icon name={icon} />
        </button>
      ))}
      <UploadButtons folder={folder} onFiles={props.onFiles} />
      {row && <MoreTools key={row.path} site={site} row={row} onAsk={setAsking} />}
      <button
        type="button"
        className="icon-button ms-auto"
        title={t('search.open')}
        aria-label={t('search.open')}
        onClick={props.onSearch}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        className="icon-button"
        title={t('action.refresh')}
        aria-label={t('action.refresh')}
        onClick={() => void refresh(site)}
      >
        <Icon name="arrow-clockwise" />
      </button>
      {asking && <ToolDialog {...props} asking={asking} onClose={() => setAsking(undefined)} />}
    </div>
  )
}
