import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENCE } from '../helpers/programs.js'
import { AGENT_ACTS } from './crash/agent-acts.js'
import { type AgentLane, closeAgentLane, openAgentLane } from './crash/agent-lane.js'
import { makeFailures, recordFailures } from './crash/failures.js'

const LANES = 3

let lanes: AgentLane[] = []
beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => openAgentLane({ mayComplain: true })))
})
afterAll(() => Promise.all(lanes.map(closeAgentLane)))

const NAMES = ['create', 'first start', 'stop', 'destroy']
const acts = AGENT_ACTS.filter(({ name }) => NAMES.includes(name))

test('CRA-2: whatever program or write of a verb fails, in whatever way, it is said, nothing is half, and the next try works', {
  timeout: 600_000 * PATIENCE,
}, async () => {
  const trials = await recordFailures(lanes, acts)
  expect((await makeFailures(lanes, trials)).join('\n')).toBe('')
})
