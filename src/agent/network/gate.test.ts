import { describe, expect, it } from 'vitest'
import { isGateShut, planGate } from './gate.js'

const local = { priority: 0, src: 'all', table: 'local' }
const main = { priority: 32_766, src: 'all', table: 'main' }
const gate = { priority: 0, src: 'all', iif: 'ruche0', fwmask: '0x20000000', action: 'prohibit' }

describe('the gate', () => {
  it('is shut when it comes before the addresses of the machine', () => {
    expect(isGateShut('ruche0', [gate, local, main])).toBe(true)
    expect(planGate('ruche0', [gate, local, main])).toEqual([])
    for (const rules of [
      [local, main],
      [local, gate, main],
      [gate, main],
      [{ ...gate, iif: 'ruche1' }, local, main],
    ])
      expect(isGateShut('ruche0', rules)).toBe(false)
  })

  it('leaves no moment without the addresses of the machine', () => {
    const lines = planGate('ruche0', [local, gate, main])
    expect(lines.map((line) => line.replace(/ (fwmark|protocol).*$/, ''))).toEqual([
      'rule delete pref 0',
      'rule add pref 0',
      'rule add pref 1 lookup local',
      'rule delete pref 0 lookup local',
      'rule add pref 0 lookup local',
      'rule delete pref 1 lookup local',
    ])
  })
})
