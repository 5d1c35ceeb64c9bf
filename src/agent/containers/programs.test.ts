import { expect, it } from 'vitest'
import { parsePrograms } from './programs.js'

const NOW = Date.parse('2026-11-25T12:00:00Z')

it('reads programs, what ended them, and the lines of a crontab', () => {
  const text = `program cron-3
command php bin/mail.php
ended 1 0 60
state true 12
times /5 * * * *
next 2026-11-25T12:05:00+0000 Wed  0d  0h  5m  0s
program web
command /usr/lib/ruche/default-web
crashes 3
ended 256 9 2
again 2
state true 2
program worker
command  python worker.py
state true 600
program late
command sleep 1
state false 0
`
  expect(parsePrograms(text, NOW)).toEqual({
    installing: false,
    programs: [
      {
        name: 'web',
        state: 'waiting',
        since: '2026-11-25T11:59:58.000Z',
        againAt: '2026-11-25T12:00:02.000Z',
        crashes: 3,
        lastEnd: { signal: 9, at: '2026-11-25T11:59:58.000Z' },
      },
      { name: 'worker', command: 'python worker.py', state: 'running', since: '2026-11-25T11:50:00.000Z', crashes: 0 },
      { name: 'late', command: 'sleep 1', state: 'stopped', since: '2026-11-25T12:00:00.000Z', crashes: 0 },
    ],
    cron: [
      {
        line: 3,
        times: '*/5 * * * *',
        command: 'php bin/mail.php',
        nextAt: '2026-11-25T12:05:00.000Z',
        lastEnd: { code: 1, at: '2026-11-25T11:59:00.000Z' },
      },
    ],
  })
})

it('tells that something is being installed, or could not be', () => {
  expect(parsePrograms('preparing yes\n', NOW)).toMatchObject({ installing: true, programs: [] })
  expect(parsePrograms('unprepared 23\n', NOW)).toMatchObject({ installing: false, installFailed: 23 })
})

it('takes from a hostile site what is bounded, and leaves out the rest', () => {
  const wrong = `program ${'n'.repeat(1000)}\ncommand ${'c'.repeat(5000)}\nstate maybe\ncrashes 1e9\nended 1 x\nagain \n`
  const [program] = parsePrograms(wrong, NOW).programs
  expect(program).toEqual({ name: 'n'.repeat(64), command: 'c'.repeat(400), state: 'stopped', crashes: 0 })
  expect(parsePrograms('program a\nstate true 1\n'.repeat(100), NOW).programs).toHaveLength(16)
  expect(parsePrograms('program cron-x\ntimes \nnext never\n', NOW).cron).toEqual([{ line: 0, times: '', command: '' }])
  expect(parsePrograms('\0\n\n', NOW).programs).toEqual([])
})
