import { join } from 'node:path'
import { type Check, type Examination, judge, sign, sortChecks, unknownCheck } from '../../model/doctor.js'
import { AGENT_CHECKS, CHECK_IDS } from '../../model/doctor-checks.js'
import { AppError } from '../../model/errors.js'
import type { Context } from '../context.js'
import { callAgent } from '../up/call-agent.js'
import { examineAlone } from './examine-alone.js'

type Show = (step: string, percent?: number) => void

/** Asks the server; without one the agent; without that, a program of ours that looks at what can be seen all the same. */
export async function examine(
  { client, runFolder }: Pick<Context, 'client' | 'runFolder'>,
  show: Show,
): Promise<Examination> {
  const began = performance.now()
  const at = new Date().toISOString()
  show('looking')
  const whole = await client.call('runDoctor').catch(onlyUnavailable)
  if (whole !== undefined) return whole
  const server = judge('platform.server', [sign(join(runFolder, 'server.sock'), 'no answer')])
  const checks = await askAgent(runFolder, show)
  return {
    at,
    tookMs: Math.round(performance.now() - began),
    checks: complete([server, ...checks], 'the server does not answer'),
  }
}

async function askAgent(runFolder: string, show: Show): Promise<Check[]> {
  const socket = join(runFolder, 'agent.sock')
  const note = ({ step, percent }: { step: string; percent?: number | undefined }) => show(step, percent)
  const answer = await callAgent(socket, 'host.doctor', {}, note).catch(onlyUnavailable)
  if (answer !== undefined) return [judge('platform.agent', []), ...answer.checks]
  const alone = await examineAlone(join(runFolder, 'agent.json'))
  const missing = AGENT_CHECKS.filter((id) => !alone.some((check) => check.id === id))
  return [
    judge('platform.agent', [sign(socket, 'no answer')]),
    ...alone,
    ...missing.map((id) => unknownCheck(id, 'the agent does not answer')),
  ]
}

function onlyUnavailable(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'unavailable') return undefined
  throw error
}

/** Every promise of the table is answered for. */
function complete(checks: readonly Check[], reason: string): Check[] {
  const missing = CHECK_IDS.filter((id) => !checks.some((check) => check.id === id))
  return sortChecks([...checks, ...missing.map((id) => unknownCheck(id, reason))])
}
