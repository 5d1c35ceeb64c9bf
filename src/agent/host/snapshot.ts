import { AppError } from '../../model/errors.js'
import { planSnapshotArgs, planThawArgs, type SnapshotPlan } from './launch-plan.js'
import { run } from './run.js'

export interface Snapshot {
  /** How long the container was held still; 0 for one that does not run. */
  frozenMs: number
  /** What had to be written meanwhile; 0 where the file system shares blocks. */
  writtenBytes: number
}

const LATE = 4
const COPY_TIMEOUT_MS = 3_600_000
const THAW_TIMEOUT_MS = 30_000

/**
 * Copies an image, by sharing its blocks where the host's file system can (ioctl_ficlone(2)), sparsely elsewhere; the copy's content is on the disk
 * when this returns, its name is the caller's to make last. AppError `limit_reached` when the container would have to be held still for too long,
 * `host_failed`; then there may be half a copy.
 */
export async function takeSnapshot(program: string, plan: SnapshotPlan): Promise<Snapshot> {
  try {
    const answer = await run(program, planSnapshotArgs(plan), { accept: [0, LATE], timeoutMs: COPY_TIMEOUT_MS })
    if (answer.exitCode === LATE) throw tooLarge(plan.frozenMs)
    const [frozenMs = 0, writtenBytes = 0] = answer.stdout.trim().split(' ').map(Number)
    return { frozenMs, writtenBytes }
  } catch (error) {
    // A launcher that was killed leaves the thawing to its watchdog; should that be gone too, nobody else does it.
    if (plan.mark) await run(program, planThawArgs(plan.mark), { timeoutMs: THAW_TIMEOUT_MS }).catch(() => undefined)
    throw error
  }
}

function tooLarge(frozenMs: number): AppError {
  return new AppError('limit_reached', `The site would have to be held still for more than ${frozenMs} ms.`, {
    hint: 'It changes too much, or the disk of the host is too slow: stop the site first, or try again when it is quiet.',
  })
}
