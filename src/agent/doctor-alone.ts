import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { AgentSettings } from '../model/agent-settings.js'
import { makeContainer } from './containers/hive.js'
import { makeLocks } from './containers/locks.js'
import { readRecords } from './containers/record.js'
import { examineMachine, examineWithoutAgent } from './doctor/examine.js'
import { openCgroups } from './host/cgroups.js'
import { openLauncher } from './host/launcher.js'

/**
 * What can be seen with no agent running: `{checks}` on standard output. What only the agent knows (its network, the sites that run) is not among them; without
 * its settings, no more than the machine itself. Resolves with the exit code.
 */
export async function doctorAlone(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { doctor: { type: 'boolean' }, settings: { type: 'string' } } })
  const settings = await readSettings(values.settings ?? '')
  const checks = settings ? await examineWithoutAgent(await openRooms(settings)) : await examineMachine()
  process.stdout.write(`${JSON.stringify({ checks })}\n`)
  return 0
}

async function readSettings(path: string): Promise<AgentSettings | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : AgentSettings.parse(JSON.parse(text))
}

async function openRooms(settings: AgentSettings) {
  const { records } = await readRecords(settings.stateFolder)
  return {
    settings,
    locks: makeLocks(),
    cgroups: await openCgroups(settings.cgroup),
    launcher: openLauncher(settings.launcher),
    containers: new Map(records.map((record) => [record.spec.id, makeContainer(record, 'stopped')])),
  }
}
