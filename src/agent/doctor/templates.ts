import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Check, judge, type Sign, sign } from '../../model/doctor.js'
import type { Hive } from '../containers/hive.js'
import { run } from '../host/run.js'
import { listTemplates, templateTree } from '../rootfs/template-store.js'

/** Trees of all built templates, those for new sites first. */
export async function findTemplates({ settings }: Pick<Hive, 'settings'>): Promise<string[]> {
  const templates = await listTemplates(settings.templatesFolder)
  return templates
    .sort((a, b) => Number(b.current) - Number(a.current))
    .map(({ manifest }) => templateTree(settings.templatesFolder, manifest.digest))
}

/** Whether the sites' templates are there, and whether anybody but root could change one. */
export async function examineTemplates(hive: Pick<Hive, 'settings' | 'containers'>): Promise<Check[]> {
  const { templatesFolder } = hive.settings
  const used = new Map([...hive.containers.values()].map(({ id, record }) => [record.template, id]))
  const built = new Set(await readdir(templatesFolder).catch(() => []))
  const missing = [...used].filter(([digest]) => !built.has(digest))
  const trees = [...used.keys()]
    .filter((digest) => built.has(digest))
    .map((digest) => templateTree(templatesFolder, digest))
  const open = await Promise.all([...new Set([...trees, ...(await findTemplates(hive))])].map(findOpen))
  return [
    judge(
      'sites.templates',
      missing.map(([digest, id]) => sign(id, `${digest.slice(0, 12)} –`)),
    ),
    judge('files.templates', [...(await findOpenFolder(templatesFolder)), ...open.flat()]),
  ]
}

async function findOpenFolder(path: string): Promise<Sign[]> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined || (found.uid === 0 && (found.mode & 0o077) === 0)) return []
  return [sign(path, `${found.uid}:${found.gid} 0${(found.mode & 0o7777).toString(8)}`, '0:0 0700')]
}

/** What others may write in a tree, but for folders like /tmp, where each keeps what is theirs; and the tree's own folder. */
async function findOpen(tree: string): Promise<Sign[]> {
  const writable = ['-perm', '-0002', '!', '-type', 'l', '!', '(', '-type', 'd', '-perm', '-1000', ')']
  const { stdout } = await run('find', [tree, '-xdev', ...writable, '-printf', '%p\\0%m\\0'], { timeoutMs: 60_000 })
  const words = stdout.split('\0')
  const signs = Array.from({ length: Math.floor(words.length / 2) }, (_, index) =>
    sign(words[2 * index] ?? '', `0${words[2 * index + 1]}`, 'o-w'),
  )
  const folders = await Promise.all([dirname(tree), tree].map((path) => lstat(path).then(({ uid }) => ({ path, uid }))))
  return [...folders.filter(({ uid }) => uid !== 0).map(({ path, uid }) => sign(join(path), `${uid}`, '0')), ...signs]
}
