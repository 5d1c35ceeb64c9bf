import { expect, test } from 'vitest'
import { latestWins } from './latest-wins.js'

/** Work whose every run ends when the test says so. */
function openWork() {
  const runs: { value: number; end: () => void; fail: () => void }[] = []
  const apply = latestWins<number>(
    (value) =>
      new Promise((resolve, reject) => runs.push({ value, end: resolve, fail: () => reject(new Error(`${value}`)) })),
  )
  return { runs, apply, values: () => runs.map(({ value }) => value) }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a crowd during a run costs one more, with the last value', async () => {
  const { runs, apply, values } = openWork()
  const first = apply(1)
  const crowd = [apply(2), apply(3), apply(4)]
  expect(values()).toEqual([1])
  runs[0]?.end()
  await first
  await turn()
  expect(values()).toEqual([1, 4])
  runs[1]?.end()
  await Promise.all(crowd)
  await turn()
  expect(values()).toEqual([1, 4])
})

test('who calls at the very end of a run does not run beside the one who waits', async () => {
  const { runs, apply, values } = openWork()
  const again = apply(1).then(() => apply(3))
  const waiting = apply(2)
  runs[0]?.end()
  await turn()
  expect(values()).toHaveLength(2)
  runs[1]?.end()
  await waiting
  await turn()
  runs[2]?.end()
  await again
  expect(values().at(-1)).toBe(3)
})

test('a failed run is told to those who waited for it, and the next one runs', async () => {
  const { runs, apply, values } = openWork()
  const first = apply(1)
  const second = apply(2)
  runs[0]?.fail()
  await expect(first).rejects.toThrow('1')
  await turn()
  runs[1]?.end()
  await second
  expect(values()).toEqual([1, 2])
})
