import { expect, test } from 'vitest'
import { addKey, removeKey } from './sftp-keys.js'

const MINE = `ssh-ed25519 ${'A'.repeat(68)} me@home`
const OTHER = `ssh-rsa ${'B'.repeat(372)}== other machine`

test('a key comes in once, whatever its comment', () => {
  expect(addKey([], `${MINE}\n`)).toEqual([MINE])
  expect(addKey([MINE], MINE.replace('me@home', 'again'))).toEqual([MINE])
  expect(addKey([MINE], OTHER)).toEqual([MINE, OTHER])
})

test.each([
  'x',
  '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n',
  `command="id" ${MINE}`,
  `${MINE}\n${MINE}`,
  `ssh-dss ${'A'.repeat(68)}`,
])('%j is no public key', (text) => {
  expect(() => addKey([], text)).toThrow(
    expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/^key: /) }),
  )
})

test('a key goes by number, comment or text; an ambiguous or unknown one stays', () => {
  const keys = [MINE, OTHER]
  for (const which of ['2', 'other machine', OTHER]) expect(removeKey(keys, which)).toEqual([MINE])
  expect(() => removeKey(keys, '3')).toThrow(expect.objectContaining({ code: 'not_found' }))
  const twins = [MINE, MINE.replace('A', 'C')]
  expect(() => removeKey(twins, 'me@home')).toThrow(expect.objectContaining({ code: 'conflict' }))
})
