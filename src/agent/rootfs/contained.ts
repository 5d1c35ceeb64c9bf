import { join } from 'node:path'
import { type RunOptions, type RunResult, run } from '../host/run.js'

/** Where a program of a build runs. `tree`: it gets its /proc there and no network, because it runs what packages and recipes bring. */
export interface Containment {
  tree?: string
}

/**
 * Runs a program of a build so that nothing of it outlives the builder, however that ends, and no mount of it is ever seen outside: in process and mount
 * namespaces of its own (unshare(1)), killed with us (prctl(2) PR_SET_PDEATHSIG). Errors: those of `run`.
 */
export function runContained(argv: string[], where: Containment, options: RunOptions): Promise<RunResult> {
  return run('setpriv', planContained(argv, where), options)
}

/** Pure: arguments of setpriv(1). */
export function planContained(argv: string[], { tree }: Containment): string[] {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child']
  const inTree =
    tree === undefined ? ['--mount-proc'] : ['--net', '--ipc', '--uts', `--mount-proc=${join(tree, 'proc')}`]
  return ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...inTree, '--', ...argv]
}
