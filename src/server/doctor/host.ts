import type { Engine } from '../../engine/engine.js'
import { type Check, judge, sign, unknownCheck } from '../../model/doctor.js'
import { AGENT_CHECKS } from '../../model/doctor-checks.js'
import { asAppError } from '../../model/errors.js'

/** What the agent finds; when it does not answer, nothing of it is known. */
export async function examineHost(
  engine: Engine,
  actor: string,
): Promise<{ checks: Check[]; resolvers: string[] | undefined }> {
  try {
    const { checks, resolvers } = await engine.doctor({ actor })
    return { checks: [judge('platform.agent', []), ...checks], resolvers }
  } catch (error) {
    const why = asAppError(error).message
    const unknown = AGENT_CHECKS.map((id) => unknownCheck(id, why))
    return { checks: [judge('platform.agent', [sign('agent.sock', why)]), ...unknown], resolvers: undefined }
  }
}
