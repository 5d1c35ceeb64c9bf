import { expect, it } from 'vitest'
import type { Progress } from '../../model/progress.js'
import type { SshLogin } from '../../model/ssh.js'
import { parseDeployState, readSteps } from './deploy-site.js'
import { findPusher, SITE_PASSWORD } from './ssh-watch.js'

const KEY = (letter: string) => `SHA256:${letter.repeat(43)}`
const login = (fingerprint?: string): SshLogin => ({
  user: 'git',
  method: fingerprint === undefined ? 'password' : 'publickey',
  address: '203.0.113.20',
  ...(fingerprint !== undefined && { fingerprint }),
})

it('reads what the site says of its commits, and no more than that', () => {
  const commit = 'a'.repeat(40)
  expect(parseDeployState(`branch main\ndeployed ${commit} 1700000000 a\u001b[31m red one\n`)).toEqual({
    branch: 'main',
    deployed: { commit, at: '2023-11-14T22:13:20.000Z', subject: 'a^[[31m red one' },
  })
  expect(parseDeployState(`deployed ${commit} 99999999999 x\nprevious short 1 x\n`).previous).toBeUndefined()
  expect(parseDeployState('')).toEqual({})
})

it('makes steps and lines of what the program writes, however it comes', () => {
  const notes: Progress[] = []
  const read = readSteps((note) => notes.push(note))
  for (const piece of ['== check', 'out\nabc', ' first\n\u001b[2J\n', '== build\n', 'x'.repeat(900), '\n'])
    read(Buffer.from(piece))
  expect(notes).toEqual([
    { step: 'checkout' },
    { step: 'checkout', message: 'abc first' },
    { step: 'checkout', message: '^[[2J' },
    { step: 'build' },
    { step: 'build', message: 'x'.repeat(500) },
  ])
})

it('names who pushes by the key that is really in', () => {
  const owners = new Map([
    [KEY('a'), 'alice'],
    [KEY('b'), 'bob'],
  ])
  expect(findPusher([login(KEY('a'))], KEY('a'), owners)).toBe('alice')
  expect(findPusher([login(KEY('a'))], KEY('b'), owners)).toBe('alice')
  expect(findPusher([login(KEY('a')), login(KEY('b'))], KEY('b'), owners)).toBe('bob')
  expect(findPusher([login(KEY('a')), login(KEY('b'))], undefined, owners)).toBe(SITE_PASSWORD)
  expect(findPusher([login()], undefined, owners)).toBe(SITE_PASSWORD)
  expect(findPusher([login(KEY('c'))], KEY('c'), owners)).toBe(SITE_PASSWORD)
})
