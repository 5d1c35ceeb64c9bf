import { join } from 'node:path'
import * as z from 'zod'
import { Check } from '../../model/doctor.js'
import { AppError } from '../../model/errors.js'
import { getPackageFolder } from '../package-folder.js'
import { run } from '../run.js'

const TIMEOUT_MS = 120_000
const Answer = z.object({ checks: z.array(Check) })

/** What the agent's program sees of this machine when no agent runs. AppError `forbidden` for anybody but root. */
export async function examineAlone(settingsFile: string): Promise<Check[]> {
  if (process.getuid?.() !== 0)
    throw new AppError('forbidden', 'ruche doctor must be run by root.', { hint: 'sudo ruche doctor' })
  const args = [join(getPackageFolder(), 'dist/agent.mjs'), '--doctor', '--settings', settingsFile]
  const { stdout } = await run(process.execPath, args, { timeoutMs: TIMEOUT_MS })
  return Answer.parse(JSON.parse(stdout)).checks
}
