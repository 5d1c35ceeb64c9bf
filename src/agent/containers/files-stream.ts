import type { CallParams, CallResult } from '../../model/calls.js'
import { AppError } from '../../model/errors.js'
import type { FileEntry } from '../../model/files.js'
import type { Caller } from './caller.js'
import { parseEntries } from './files-list.js'
import { insidePath, insidePathBelowHome, keepBytes, streamFiles, workOnFiles } from './files-program.js'
import { getContainer, type Hive } from './hive.js'

const TIMEOUT_MS = 10_000
/** What bsdtar says when it left something out. */
const INCOMPLETE = 1

/** A file or folder itself; of a link what it leads to. */
export async function statSiteFile(hive: Hive, id: string, path: string): Promise<FileEntry> {
  const { stdout } = await workOnFiles(hive, id, { verb: 'stat', args: [insidePath(path)], timeoutMs: TIMEOUT_MS })
  const [entry] = parseEntries(stdout.toString('utf8'), 'path')
  if (!entry) throw new AppError('host_failed', 'The site answered something that is not a file.')
  return { ...entry, name: path.slice(path.lastIndexOf('/') + 1) }
}

/** Passes part of a file on to the caller, at the caller's pace. */
export async function getSiteFile(hive: Hive, part: CallParams<'files.get'>, caller: Caller): Promise<void> {
  const args = [insidePathBelowHome(part.path), String(part.offset), String(part.lengthBytes)]
  await streamFiles(hive, part.id, { verb: 'get', args }, caller)
}

/** Takes a file from the caller. Parts of one upload follow one another. */
export async function putSiteFile(
  hive: Hive,
  put: CallParams<'files.put'>,
  caller: Caller,
): Promise<CallResult<'files.put'>> {
  getContainer(hive, put.id)
  const { offset, sizeBytes, version, keep } = put
  const args = [...uploadArgs(put), String(offset), String(sizeBytes), version ?? 'any', keep ? 'keep' : 'drop']
  const said = keepBytes(64)
  const { stdin, hungUp } = caller
  await hive.locks.run(`${put.id}/${put.path}`, () =>
    streamFiles(hive, put.id, { verb: 'put', args }, { stdin, stdout: said.stream, hungUp }),
  )
  return { version: said.text() }
}

/** How much of an upload is there, in bytes. */
export async function findUploadedBytes(hive: Hive, part: CallParams<'files.part'>): Promise<number> {
  const args = uploadArgs(part)
  const { stdout } = await workOnFiles(hive, part.id, { verb: 'part', args, timeoutMs: TIMEOUT_MS })
  const receivedBytes = Number(stdout.toString('utf8').trim())
  if (Number.isSafeInteger(receivedBytes) && receivedBytes >= 0) return receivedBytes
  throw new AppError('host_failed', 'The site answered something that is not a size.')
}

function uploadArgs({ path, replace, upload }: CallParams<'files.part'>): string[] {
  return [insidePathBelowHome(path), replace ? 'replace' : 'new', upload]
}

/** Passes a file or folder on as an archive. */
export async function packSiteFiles(
  hive: Hive,
  { id, path, format }: CallParams<'files.pack'>,
  caller: Caller,
): Promise<CallResult<'files.pack'>> {
  const work = { verb: 'pack', args: [insidePath(path), format], accept: [0, INCOMPLETE] } as const
  const exitCode = await streamFiles(hive, id, work, caller)
  return { complete: exitCode === 0 }
}
