import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { findAddressIndex, findStartTime, isAlive } from './processes.js'

describe('processes', () => {
  it('are told apart by their start time, whatever their name is', async () => {
    // A process may call itself anything: ") Z 1 2" must not be taken for the fields after the name.
    const script =
      "require('fs').writeFileSync('/proc/self/comm', ') Z 1 2'); console.log('named'); setInterval(() => 0, 1000)"
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const pid = child.pid ?? -1
    expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain('() Z 1 2)')
    const startTime = findStartTime(pid)
    const tick = 100
    expect(startTime).toBeGreaterThan(0)
    expect(Math.abs((startTime ?? 0) / tick - Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]))).toBeLessThan(
      60,
    )
    expect(isAlive({ pid, startTime: startTime ?? 0 })).toBe(true)
    expect(isAlive({ pid, startTime: (startTime ?? 0) + 1 })).toBe(false)
    child.kill('SIGKILL')
    // Not even as a zombie that nobody has waited for yet.
    await vi.waitFor(() => expect(isAlive({ pid, startTime: startTime ?? 0 })).toBe(false))
  })

  it('show where their addresses are', () => {
    expect(findAddressIndex(process.pid, '::1')).toBe(1)
    expect(findAddressIndex(process.pid, 'fd00::dead')).toBeUndefined()
    expect(findAddressIndex(2 ** 22 + 1, '::1')).toBeUndefined()
  })
})
