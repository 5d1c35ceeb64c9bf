import { join } from 'node:path'
import { type RunOptions, type RunResult, run } from '../host/run.js'
import type { BuildOptions } from './build-options.js'

/** Where a program of a build runs. `tree`: it gets its /proc there and no network, because it runs what packages and recipes bring. */
export interface Containment {
  tree?: string
}

/**
 * Runs a program of a build so that nothing of it outlives the builder, however that ends, and no mount of it is ever seen outside: in process and mount
 * namespaces of its own (unshare(1)), killed with us (prctl(2) PR_SET_PDEATHSIG). Errors: those of `run`.
 */
export function runContained(
  argv: string[],
  where: Containment,
  { isBehind, ...options }: RunOptions & Pick<Partial<BuildOptions>, 'isBehind'>,
): Promise<RunResult> {
  const contained = planContained(argv, where)
  return isBehind ? run('nice', [...LAST, 'setpriv', ...contained], options) : run('setpriv', contained, options)
}

/** Processor and disk go to everything else first (nice(1), ionice(1)). */
const LAST = ['-n', '19', 'ionice', '-c', '3']

/** Pure: arguments of setpriv(1). */
export function planContained(argv: string[], { tree }: Containment): string[] {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child']
  const inTree =
    tree === undefined ? ['--mount-proc'] : ['--net', '--ipc', '--uts', `--mount-proc=${join(tree, 'proc')}`]
  return ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...inTree, '--', ...argv]
}
