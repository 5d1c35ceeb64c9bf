import { describe, expect, it } from 'vitest'
import { checkSysctls, findSysctl, isMet, listSysctls, SYSCTLS } from './sysctls.js'

describe('sysctls', () => {
  it('a table may be larger than wanted, hardening must be what it is', () => {
    const row = { name: 'a', kind: 'table' } as const
    expect(isMet({ ...row, wanted: '100', compare: 'at least' }, '100')).toBe(true)
    expect(isMet({ ...row, wanted: '100', compare: 'at least' }, '1000')).toBe(true)
    expect(isMet({ ...row, wanted: '100', compare: 'at least' }, '99')).toBe(false)
    expect(isMet({ ...row, wanted: '7200', compare: 'equal' }, '7200')).toBe(true)
    expect(isMet({ ...row, wanted: '7200', compare: 'equal' }, '432000')).toBe(false)
  })

  it('a pattern of core files may name a file, but no program except the one that does nothing', () => {
    const row = {
      name: 'kernel.core_pattern',
      wanted: '|/bin/false',
      compare: 'no program',
      kind: 'hardening',
    } as const
    expect(isMet(row, '|/bin/false')).toBe(true)
    expect(isMet(row, 'core')).toBe(true)
    expect(isMet(row, '|/usr/share/apport/apport %p')).toBe(false)
  })

  it('every row is looked at, and one that this kernel does not know is not at fault', () => {
    const states = checkSysctls()
    expect(states.map(({ name }) => name)).toEqual(SYSCTLS.map(({ name }) => name))
    for (const state of states) {
      if (state.found === undefined) expect(state.ok).toBe(true)
      else expect(state.ok).toBe(isMet(state, state.found))
    }
    expect(states.find(({ name }) => name === 'kernel.pid_max')?.found).toMatch(/^\d+$/)
  })

  it('names are read with dots or slashes', () => {
    expect(findSysctl('net.ipv4.conf.lo.rp_filter')).toBe(findSysctl('net/ipv4/conf/lo/rp_filter'))
    expect(findSysctl('net/ipv4/conf/no.such/rp_filter')).toBeUndefined()
    expect(listSysctls('net/ipv6/conf')).toContain('lo')
    expect(listSysctls('net/ipv6/no')).toEqual([])
  })
})
