import { describe, expect, it } from 'vitest'
import { onceAtATime } from './loaded-firewall.js'

describe('onceAtATime', () => {
  it('runs one at a time, and once for all who ask meanwhile', async () => {
    let [running, most, runs] = [0, 0, 0]
    const releases: (() => void)[] = []
    const ask = onceAtATime(async () => {
      running += 1
      runs += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => releases.push(resolve))
      running -= 1
    })
    const first = ask()
    await new Promise((resolve) => setImmediate(resolve))
    const others = Array.from({ length: 50 }, () => ask())
    releases.shift()?.()
    await first
    await new Promise((resolve) => setImmediate(resolve))
    releases.shift()?.()
    await Promise.all(others)
    expect({ most, runs }).toEqual({ most: 1, runs: 2 })
  })

  it('tells all of them of a failure, and goes on', async () => {
    let fails = true
    const ask = onceAtATime(async () => {
      if (fails) throw new Error('no')
    })
    const both = await Promise.allSettled([ask(), ask()])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fails = false
    await ask()
  })
})
