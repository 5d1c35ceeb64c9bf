import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AgentSettings } from '../../model/agent-settings.js'
import { type Check, judge, type Sign, unknownCheck } from '../../model/doctor.js'
import { type Holder, PLACES, type Place } from '../../model/installation.js'
import { type Account, getAccount } from '../host/accounts.js'
import { type FoundPlace, findExposed, findPlaceSigns, type Holders } from './judge-files.js'

type Settings = Pick<AgentSettings, 'stateFolder' | 'runFolder' | 'logFolder' | 'serverGroup' | 'proxy'>

/** Owners and modes of all that is installed. */
export async function examineFiles(settings: Settings): Promise<Check[]> {
  return [await examinePlaces(settings), await examineImages(settings), await examineSecrets(settings)]
}

const libOf = ({ stateFolder }: Settings): string => dirname(stateFolder)

async function findHolders({ serverGroup, proxy }: Settings): Promise<Holders | undefined> {
  // The server's user and group have one name (cli/up: accounts).
  const [server, front] = await Promise.all([findOne(serverGroup), findOne(proxy.user)])
  return server && front && { root: { uid: 0, gid: 0 }, server, proxy: front }
}

const findOne = (name: string): Promise<Account | undefined> => getAccount(name).catch(() => undefined)

async function examinePlaces(settings: Settings): Promise<Check> {
  const holders = await findHolders(settings)
  if (holders === undefined) return unknownCheck('files.folders', 'the users of Ruche are not on this machine')
  const tops = { lib: libOf(settings), run: settings.runFolder, log: settings.logFolder }
  const signs = await Promise.all(
    PLACES.map(async (place) => {
      const path = join(tops[place.below], place.path)
      return findPlaceSigns(path, place, holders, await look(path))
    }),
  )
  return judge('files.folders', signs.flat())
}

/** Every image, and everything above it that is ours, is root's alone. */
async function examineImages(settings: Settings): Promise<Check> {
  const sites = join(settings.stateFolder, 'sites')
  const names = await readdir(sites).catch(() => [])
  const alone = async (path: string, kind: Place['kind'], mode: number): Promise<Sign[]> => {
    const place = { below: 'lib', path: '', kind, mode, owner: 'root', group: 'root', isLater: true } as const
    return findPlaceSigns(path, place, { root: { uid: 0, gid: 0 } } as Record<Holder, Account>, await look(path))
  }
  const signs = await Promise.all([
    alone(settings.stateFolder, 'folder', 0o700),
    alone(sites, 'folder', 0o700),
    ...names.flatMap((name) => [
      alone(join(sites, name), 'folder', 0o700),
      alone(join(sites, name, 'image'), 'file', 0o600),
      alone(join(sites, name, 'spec.json'), 'file', 0o600),
    ]),
  ])
  const wrong = signs.flat()
  const first = wrong[0]
  const command =
    first && `chown root:root ${first.what} && chmod ${first.wanted?.split(' ')[1] ?? '0600'} ${first.what}`
  return judge('files.images', wrong, 'broken', command)
}

/** Keys and the register: nobody but the server, and the front proxy where it serves with the key. */
async function examineSecrets(settings: Settings): Promise<Check> {
  const lib = libOf(settings)
  const register = (await listAll(join(lib, 'register'))).map((path) => ({ path, most: 0o600 }))
  const keys = (await listAll(join(lib, 'certificates')))
    .filter((path) => path.endsWith('/key.pem'))
    .map((path) => ({ path, most: path.includes('/authorities/') ? 0o600 : 0o640 }))
  const found = await Promise.all([...register, ...keys].map(async (one) => ({ ...one, found: await look(one.path) })))
  const signs: Sign[] = found.flatMap(({ path, most, found: one }) => (one ? findExposed(path, most, one) : []))
  return judge('files.secrets', signs, 'broken', signs[0] && `chmod ${signs[0].wanted} ${signs[0].what}`)
}

async function look(path: string): Promise<FoundPlace | undefined> {
  try {
    const found = await lstat(path)
    const kind = found.isDirectory() ? 'folder' : found.isFile() ? 'file' : found.isSocket() ? 'socket' : undefined
    return { kind, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid }
  } catch {
    return undefined
  }
}

/** All regular files below a folder; none when it is not there. */
async function listAll(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
