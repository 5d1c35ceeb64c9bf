import type childProcess from 'node:child_process'
import { basename } from 'node:path'
import type { Failure } from './effect-plan.js'
import type { Keeper } from './keeper.js'

type Spawn = (program: string, args: readonly string[], options: object) => childProcess.ChildProcess
type ExecFile = (program: string, args: readonly string[], options: object, done: Done) => childProcess.ChildProcess
type Done = (error: Error | null, stdout: string, stderr: string) => void

const LOOKS = /^(getent|nginx -v|nginx -t|nft .*list|ip -json|bridge -json)/
/** Goes on for as long as the process that started it. */
const LASTS = /^(launch (watch|changes)|setpriv)/

/** Every program that is started, and every signal that is sent. */
export function watchPrograms(keeper: Keeper, programs: typeof childProcess, self: NodeJS.Process): void {
  const table = programs as unknown as { spawn: Spawn; execFile: ExecFile }
  const { spawn, execFile } = table
  const started = <C extends childProcess.ChildProcess>(
    effect: string,
    isLook: boolean,
    lasts: boolean,
    child: C,
  ): C => {
    if (!lasts) keeper.busy(1)
    child.prependOnceListener('exit', () => {
      if (!lasts) keeper.busy(-1)
      keeper.pass('after', effect, isLook)
    })
    keeper.pass('begun', effect, isLook)
    return child
  }
  const begin = (program: string, args: readonly string[]) => {
    const name = nameOf(program, args)
    const isLook = LOOKS.test(name)
    const { effect, failure } = keeper.enter(name, isLook)
    const argv = failure === undefined ? [program, ...args] : failing(failure, [program, ...args])
    return { effect, isLook, lasts: LASTS.test(name), program: argv[0] ?? '', args: argv.slice(1) }
  }
  table.spawn = (program, args, options) => {
    const one = begin(program, args)
    return started(one.effect, one.isLook, one.lasts, spawn(one.program, one.args, options))
  }
  table.execFile = (program, args, options, done) => {
    const one = begin(program, args)
    return started(one.effect, one.isLook, one.lasts, execFile(one.program, one.args, options, done))
  }
  const { kill } = self
  self.kill = (pid, signal) => {
    if (pid === self.pid || signal === 0) return kill.call(self, pid, signal)
    const { effect } = keeper.enter(`kill ${String(signal)}`)
    const sent = kill.call(self, pid, signal)
    keeper.pass('after', effect)
    return sent
  }
}

/** The program and the words of its arguments; no paths, addresses or numbers. */
function nameOf(program: string, args: readonly string[]): string {
  const words = args.filter((word) => /^-*[a-z][a-z-]*$|^-$/i.test(word)).slice(0, 6)
  return [basename(program), ...words].join(' ')
}

function failing(failure: Failure, argv: string[]): string[] {
  const script = (text: string) => ['/bin/sh', '-c', text, basename(argv[0] ?? ''), ...argv]
  switch (failure) {
    case 'ENOSPC':
      return script('echo "$0: No space left on device" >&2; exit 1')
    case 'EIO':
      return script('echo "$0: Input/output error" >&2; exit 1')
    case 'killed':
      return script('kill -KILL $$')
    case 'silent':
      return script('exec sleep 1000')
    case 'late':
      return script('"$@" >/dev/null 2>&1; exit 1')
    case 'exit 1':
      return script('exit 1')
  }
}
