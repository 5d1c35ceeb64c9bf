import type fs from 'node:fs'
import { constants } from 'node:fs'
import type promises from 'node:fs/promises'
import type { Failure } from './effect-plan.js'
import type { Keeper } from './keeper.js'

type Table = Record<string, (...args: unknown[]) => unknown>

/** The functions of node:fs and node:fs/promises that change something, but for those that open a file. */
export const CHANGES = [
  ...['mkdir', 'mkdtemp', 'rmdir', 'writeFile', 'appendFile', 'rename', 'rm', 'unlink', 'symlink', 'link'],
  ...['chmod', 'chown', 'lchown', 'truncate', 'utimes', 'lutimes', 'cp', 'copyFile'],
] as const
const HANDLE_CHANGES = ['write', 'writeFile', 'truncate', 'chmod', 'chown', 'sync', 'datasync', 'appendFile']

/** Every change of files and folders, cgroups and kernel settings among them. */
export async function watchFiles(keeper: Keeper, files: typeof fs, later: typeof promises): Promise<void> {
  const now = files as unknown as Table
  const soon = later as unknown as Table
  const paths = new Map<number, string>()
  for (const name of CHANGES) {
    watchNow(keeper, now, `${name}Sync`, (path) => `${name} ${place(path)}`)
    watchSoon(keeper, soon, name, (path) => `${name} ${place(path)}`)
  }
  watchNow(
    keeper,
    now,
    'openSync',
    (path, flags) => (makes(flags) ? `open ${place(path)}` : undefined),
    (fd, [path]) => paths.set(Number(fd), place(path)),
  )
  for (const name of ['writeSync', 'ftruncateSync', 'fsyncSync', 'fdatasyncSync'])
    watchNow(keeper, now, name, (fd) => (paths.has(Number(fd)) ? `${name} ${paths.get(Number(fd))}` : undefined))
  watchCallback(keeper, now)
  await watchHandles(keeper, soon)
}

/** open(2) of node:fs, the one function of those with a callback that a room has a use for. */
function watchCallback(keeper: Keeper, now: Table): void {
  const original = now.open
  now.open = (...args) => {
    const done = args.pop() as (...results: unknown[]) => void
    if (!makes(args[1])) return original?.(...args, done)
    const { effect } = keeper.enter(`open ${place(args[0])}`)
    return original?.(...args, (...results: unknown[]) => {
      keeper.pass('after', effect)
      done(...results)
    })
  }
}

async function watchHandles(keeper: Keeper, soon: Table): Promise<void> {
  const handles = new WeakMap<object, string>()
  const probe = (await soon.open?.('/dev/null')) as { close(): Promise<void> }
  const kind = Object.getPrototypeOf(probe) as Table
  await probe.close()
  watchSoon(
    keeper,
    soon,
    'open',
    (path, flags) => (makes(flags) ? `open ${place(path)}` : undefined),
    (handle, [path]) => handles.set(handle as object, place(path)),
  )
  for (const name of HANDLE_CHANGES) {
    const original = kind[name]
    if (original === undefined) continue
    kind[name] = function (this: object, ...args) {
      return around(keeper, `${name} ${handles.get(this) ?? '?'}`, async () => original.apply(this, args))
    }
  }
}

/** A place without the folder of the test that it lies in. */
function place(path: unknown): string {
  const root = process.env.RUCHE_EFFECTS_ROOT ?? '/nowhere'
  return String(path).replace(root, '').replace('/sys/fs/cgroup', 'cgroup')
}

const makes = (flags: unknown): boolean =>
  typeof flags === 'number'
    ? (flags & (constants.O_CREAT | constants.O_TRUNC)) !== 0
    : /[wa]/.test(String(flags ?? 'r'))

function watchNow(
  keeper: Keeper,
  table: Table,
  name: string,
  nameOf: (...args: unknown[]) => string | undefined,
  onDone: (result: unknown, args: unknown[]) => void = () => undefined,
): void {
  const original = table[name]
  if (original === undefined) return
  table[name] = (...args) => {
    const named = nameOf(...args)
    const result = named === undefined ? original(...args) : aroundNow(keeper, named, () => original(...args))
    onDone(result, args)
    return result
  }
}

// Node does some of its functions with others of its own: those are part of the one that was asked for.
let isInside = false

function aroundNow(keeper: Keeper, name: string, act: () => unknown): unknown {
  if (isInside) return act()
  const { effect, failure } = keeper.enter(name)
  if (failure !== undefined) throw refusal(failure, effect)
  isInside = true
  try {
    return act()
  } finally {
    isInside = false
    keeper.pass('after', effect)
  }
}

function watchSoon(
  keeper: Keeper,
  table: Table,
  name: string,
  nameOf: (...args: unknown[]) => string | undefined,
  onDone: (result: unknown, args: unknown[]) => void = () => undefined,
): void {
  const original = table[name]
  if (original === undefined) return
  table[name] = async (...args) => {
    const named = nameOf(...args)
    const act = async (): Promise<unknown> => original(...args)
    const result = await (named === undefined ? act() : around(keeper, named, act))
    onDone(result, args)
    return result
  }
}

async function around(keeper: Keeper, name: string, act: () => Promise<unknown>): Promise<unknown> {
  const { effect, failure } = keeper.enter(name)
  if (failure !== undefined) throw refusal(failure, effect)
  keeper.busy(1)
  try {
    return await act()
  } finally {
    keeper.busy(-1)
    keeper.pass('after', effect)
  }
}

/** As the kernel says it. */
function refusal(failure: Failure, effect: string): Error {
  const code = failure === 'ENOSPC' ? 'ENOSPC' : 'EIO'
  const words = code === 'ENOSPC' ? 'no space left on device' : 'i/o error'
  return Object.assign(new Error(`${code}: ${words}, ${effect}`), { code })
}
