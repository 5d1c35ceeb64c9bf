import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENCE } from '../helpers/programs.js'
import { AGENT_ACTS } from './crash/agent-acts.js'
import { type AgentLane, closeAgentLane, openAgentLane } from './crash/agent-lane.js'
import { makeTrials, planSecondDeaths, recordTrials, type Trial } from './crash/matrix.js'

const LANES = 3

let lanes: AgentLane[] = []
let trials: Trial<AgentLane>[] = []
beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => openAgentLane()))
})
afterAll(() => Promise.all(lanes.map(closeAgentLane)))

test('the points at which the agent can die are found by recording its verbs', async () => {
  trials = await recordTrials(lanes, AGENT_ACTS)
  expect(trials.length).toBeGreaterThan(0)
})

test('CRA-1: killed at any of them, the next agent finishes or forgets what was begun', {
  timeout: 900_000 * PATIENCE,
}, async () => {
  expect((await makeTrials('the agent', lanes, trials)).join('\n')).toBe('')
})

test('CRA-1: killed again at the first moments of its recovery, the agent after that does', {
  timeout: 900_000 * PATIENCE,
}, async () => {
  expect((await makeTrials('the agent, twice in a row', lanes, planSecondDeaths(trials))).join('\n')).toBe('')
})
