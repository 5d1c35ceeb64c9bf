import { expect, it } from 'vitest'
import { parseSshLook } from './ssh-look.js'

const KEY = `SHA256:${'A'.repeat(43)}`

it('reads who is in, by key and by password, and what waits', () => {
  const text = [
    `open 12 Accepted publickey for git from 203.0.113.20 port 5 ssh2: ED25519 ${KEY}`,
    'ended 13 Accepted password for site from 2001:db8::1 port 6 ssh2',
    'open 14 ',
    `request 1700000000-77 ${'a'.repeat(40)} ${KEY}`,
    '',
  ].join('\n')
  expect(parseSshLook(text)).toEqual({
    sessions: [
      { isOpen: true, login: { user: 'git', method: 'publickey', address: '203.0.113.20', fingerprint: KEY } },
      { isOpen: false, login: { user: 'site', method: 'password', address: '2001:db8::1' } },
      { isOpen: true },
    ],
    request: { id: '1700000000-77', commit: 'a'.repeat(40), fingerprint: KEY },
  })
})

it('believes nothing else', () => {
  for (const line of [
    'open x Accepted password for site from 1.2.3.4 port 1 ssh2',
    'request 1-1 short -',
    `request ../x ${'a'.repeat(40)} -`,
    `request 1-1 ${'a'.repeat(40)} - more`,
    'Accepted password for site from 1.2.3.4 port 1 ssh2',
  ])
    expect(parseSshLook(line), line).toEqual({ sessions: [] })
  for (const words of [
    'Accepted password for root from 1.2.3.4 port 1 ssh2',
    'Accepted password for site from everywhere port 1 ssh2',
    `Accepted publickey for site from 1.2.3.4 port 1 ssh2: ED25519 ${KEY} more`,
    'Accepted publickey for site from 1.2.3.4 port 1 ssh2: ED25519 SHA256:short',
  ])
    expect(parseSshLook(`open 1 ${words}`), words).toEqual({ sessions: [{ isOpen: true }] })
  expect(parseSshLook('open 1 \n'.repeat(1000)).sessions).toHaveLength(200)
})
