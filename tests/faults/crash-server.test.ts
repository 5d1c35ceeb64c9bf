import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENCE } from '../helpers/programs.js'
import { makeTrials, planSecondDeaths, recordTrials, type Trial } from './crash/matrix.js'
import { SERVER_ACTS } from './crash/server-acts.js'
import { closeServerLane, openServerLane, type ServerLane } from './crash/server-lane.js'

const LANES = 3

let lanes: ServerLane[] = []
let trials: Trial<ServerLane>[] = []
beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, openServerLane))
})
afterAll(() => Promise.all(lanes.map(closeServerLane)))

test('the points at which the server can die are found by recording its verbs', async () => {
  trials = await recordTrials(lanes, SERVER_ACTS)
  expect(trials.length).toBeGreaterThan(0)
})

test('CRA-1: killed at any of them, the next server finishes or forgets what was begun', {
  timeout: 900_000 * PATIENCE,
}, async () => {
  expect((await makeTrials('the server', lanes, trials)).join('\n')).toBe('')
})

test('CRA-1: killed again at the first moments of its recovery, the server after that does', {
  timeout: 900_000 * PATIENCE,
}, async () => {
  expect((await makeTrials('the server, twice in a row', lanes, planSecondDeaths(trials))).join('\n')).toBe('')
})
