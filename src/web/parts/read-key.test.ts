import { expect, it } from 'vitest'
import { readKey } from './read-key.js'

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIGJhc2U2NG9mMzJieXRlc29mcHVibGlja2V5MDE'

it('reads what people paste', () => {
  expect(readKey(`  ssh-ed25519 ${key} ada@laptop of mine\n`)).toEqual({
    type: 'ed25519',
    comment: 'ada@laptop of mine',
    ending: 'ja2V5MDE',
  })
  expect(readKey(`sk-ssh-ed25519@openssh.com ${key}`)).toMatchObject({ comment: '' })
})

it('refuses what is no public key', () => {
  expect(readKey('-----BEGIN OPENSSH PRIVATE KEY-----')).toBeUndefined()
  expect(readKey('ssh-ed25519 short')).toBeUndefined()
  expect(readKey(`command="id" ssh-ed25519 ${key}`)).toBeUndefined()
  expect(readKey(`ssh-ed25519 ${key} a\nssh-ed25519 ${key} b`)).toBeUndefined()
})
