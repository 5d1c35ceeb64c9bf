import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findRemote } from './find-remote.js'

let folder: string
let tokenFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remote-'))
  tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, 'ruche_secret\n', { mode: 0o600 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('is this machine unless a server is named, by option or by environment', () => {
  expect(findRemote({}, {})).toBeUndefined()
  const url = 'https://ruche.example.org'
  expect(findRemote({ panel: url, tokenFile }, {})).toEqual({ url, token: 'ruche_secret' })
  expect(findRemote({}, { RUCHE_PANEL: url, RUCHE_TOKEN_FILE: tokenFile, RUCHE_CA_FILE: '/ca.pem' })).toEqual({
    url,
    token: 'ruche_secret',
    caFile: '/ca.pem',
  })
})

it('sends no token over plain HTTP, and takes none that others may read', () => {
  const refused = (options: object) => {
    try {
      findRemote({ panel: 'https://ruche.example.org', tokenFile, ...options }, {})
      return undefined
    } catch (error) {
      return (error as { fields?: { path: string }[] }).fields?.[0]?.path
    }
  }
  expect(refused({ panel: 'http://ruche.example.org' })).toBe('panel')
  expect(refused({ tokenFile: '' })).toBe('token-file')
  expect(refused({ tokenFile: join(folder, 'none') })).toBe('token-file')
  writeFileSync(join(folder, 'open'), 'ruche_secret', { mode: 0o644 })
  expect(refused({ tokenFile: join(folder, 'open') })).toBe('token-file')
  writeFileSync(join(folder, 'empty'), '', { mode: 0o600 })
  expect(refused({ tokenFile: join(folder, 'empty') })).toBe('token-file')
})
