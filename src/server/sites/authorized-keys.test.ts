import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkKeys, parseKey } from './authorized-keys.js'

const folder = mkdtempSync(join(tmpdir(), 'ruche-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A real key of ssh-keygen. */
function key(type: string, bits: number, comment: string): { public: string; private: string } {
  const file = join(folder, `${type}-${bits}`)
  execFileSync('ssh-keygen', ['-q', '-t', type, '-b', String(bits), '-N', '', '-C', comment, '-f', file])
  return { public: readFileSync(`${file}.pub`, 'utf8').trim(), private: readFileSync(file, 'utf8') }
}

describe('keys for SFTP', () => {
  const ed25519 = key('ed25519', 256, 'alice@home')

  it.each([
    ['ed25519', 256],
    ['ecdsa', 256],
    ['ecdsa', 521],
    ['rsa', 2048],
  ])('takes what ssh-keygen makes: %s of %i bits', (type, bits) => {
    const line = type === 'ed25519' ? ed25519.public : key(type, bits, 'alice@home').public
    expect(checkKeys([line])).toEqual([line])
  })

  it('keeps one line of each key, without what could be an option or another line', () => {
    const [type, blob] = ed25519.public.split(' ')
    expect(checkKeys([ed25519.public, `  ${type}   ${blob}   other  words  `])).toEqual([`${type} ${blob} other words`])
    expect(checkKeys([`${type} ${blob} é\u0007\nssh-rsa AAAA`])).toEqual([`${type} ${blob} ?? ssh-rsa AAAA`])
    expect(checkKeys([`${type} ${blob}`])).toEqual([`${type} ${blob}`])
  })

  it.each([
    ['nothing', '', 'begins with its type'],
    ['an option', `command="sh" ${ed25519.public}`, 'begins with its type'],
    ['a private key', ed25519.private, 'private key'],
    ['half of one', ed25519.public.slice(0, 40), 'not whole'],
    ['another type than it says', ed25519.public.replace('ssh-ed25519', 'ssh-rsa'), 'not of the type'],
    ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${ed25519.public.split(' ')[1]}`, 'begins with its type'],
    ['a short RSA key', key('rsa', 1024, 'x').public, '2048'],
    ['DSA', 'ssh-dss AAAA', 'begins with its type'],
  ])('refuses %s', (_, line, problem) => {
    expect(parseKey(line)).toEqual({ problem: expect.stringContaining(problem) })
  })

  it('names every line that is wrong', () => {
    const refuse = () => checkKeys(['x', ed25519.public, 'y'])
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'invalid',
        fields: [
          { path: 'keys.0', message: expect.any(String) },
          { path: 'keys.2', message: expect.any(String) },
        ],
      }),
    )
  })
})
