import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Crowd, measureCrowd } from '../root/proxy/lab/crowd.js'
import { type Lab, openLab } from '../root/proxy/lab/lab.js'

const VISITORS = 200
const ROUNDS = 5

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
  await lab.startPanel()
  await lab.listen('shop', '10.1.1.2', 'echo')
})
afterAll(() => lab?.close())

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

// What a change costs hardly depends on how many names there are, and no visitor notices it.
test('PRX-10: adding a name among 10, 1,000 and 5,000 costs about the same and fails no request of 200 visitors', async () => {
  const crowds = new Map<number, Crowd>()
  for (const names of [10, 1_000, 5_000]) crowds.set(names, await measureCrowd(lab, names, VISITORS, ROUNDS))
  console.table(
    [...crowds].map(([names, { addMs, nothingMs, memoryBytes, requests, failures }]) => ({
      names,
      addMs: Math.round(median(addMs)),
      nothingMs: Math.round(nothingMs),
      memoryMiB: Math.round(memoryBytes / 1024 ** 2),
      requests,
      failed: failures.length,
    })),
  )
  for (const { failures } of crowds.values()) expect(failures).toEqual([])
  const [few, , many] = [...crowds.values()]
  expect(median(many?.addMs ?? []) / median(few?.addMs ?? [1])).toBeLessThan(4)
  expect((many?.memoryBytes ?? 0) / (few?.memoryBytes ?? 1)).toBeLessThan(4)
})
