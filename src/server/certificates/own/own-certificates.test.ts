import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BoughtCertificate, issueCertificate } from '../../../../tests/helpers/issue-certificate.js'
import { AppError } from '../../../model/errors.js'
import { openCertificates } from '../local-ca.js'
import { checkOwnCertificate } from './check-own.js'
import { type OwnCertificates, openOwnCertificates } from './own-certificates.js'
import { preferOwn } from './prefer-own.js'

const NAME = 'www.example.org'
const DAY_MS = 86_400_000
let folder: string
let bought: BoughtCertificate
let clockMs: number
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-own-'))
  bought = await issueCertificate(folder, ['*.example.org', 'example.org'])
  clockMs = Date.now()
})
afterEach(() => rm(folder, { recursive: true }))

const now = () => new Date(clockMs)
const open = () => openOwnCertificates(join(folder, 'own'), now)
const readOwn = async (own: OwnCertificates) => readFile(own.find(NAME)?.files.certificate ?? '', 'utf8')

function findProblem(change: Partial<BoughtCertificate>, name = NAME, nowMs = Date.now()): string {
  try {
    checkOwnCertificate(name, { ...bought, ...change }, nowMs)
    return ''
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.cause).toBeUndefined()
    return error.message
  }
}

const pemsOf = (chain: string) => chain.split(/(?<=-----END CERTIFICATE-----\n)/).filter(Boolean)

/** What OpenSSL makes by itself, in ways that our own authority never would. */
function makeOddly(...args: string[]): BoughtCertificate {
  const key = join(folder, 'odd-key.pem')
  const common = ['-x509', '-nodes', '-subj', '/CN=odd', '-addext', `subjectAltName=DNS:${NAME}`, '-keyout', key]
  const leaf = execFileSync('openssl', ['req', ...common, ...args], { encoding: 'utf8', stdio: 'pipe' })
  const key64 = execFileSync('cat', [key], { encoding: 'utf8' })
  return { ...bought, chain: leaf, key: key64 }
}

describe('a certificate that is brought along', () => {
  it('is taken when it is whole, also with words around it', () => {
    expect(findProblem({})).toBe('')
    expect(findProblem({ chain: `Bag Attributes\n  friendlyName: x\n${bought.chain}` })).toBe('')
    const checked = checkOwnCertificate(NAME, { ...bought, chain: `words\r\n${bought.chain}` }, Date.now())
    expect(checked.chain).toBe(bought.chain)
    expect(checked.validUntilMs).toBeGreaterThan(Date.now() + 390 * DAY_MS)
  })

  it.each([
    [() => ({ chain: 'nothing' }), 'chain: no certificate is in it'],
    [() => ({ chain: `${bought.chain}${bought.key}` }), 'chain: a private key is in it'],
    [() => ({ chain: bought.chain.replace(/[A-Z]{4}\n/, 'AAAA\n').replace('MII', 'MIJ') }), 'chain: it cannot be read'],
    [
      () => ({ chain: pemsOf(bought.chain).slice(0, 1).join('') }),
      'chain: the certificate of its authority is missing',
    ],
    [() => ({ chain: pemsOf(bought.chain).reverse().join('') }), 'chain: the first one must be'],
    [() => ({ chain: bought.chain.repeat(5) }), 'chain: at most 8'],
    [() => ({ chain: `${bought.chain}${pemsOf(bought.chain)[0]}` }), 'chain: certificate 3 did not sign'],
    [() => ({ key: 'nothing' }), 'key: it is no private key'],
    [() => ({ key: bought.chain }), 'key: it is no private key'],
    [() => ({ key: makeKey('P-256') }), 'key: it does not belong'],
    [() => ({ key: makeKey('P-521') }), 'key: keys must be'],
    [() => ({ key: makeKey('P-256', 'words') }), 'key: it has a passphrase'],
    [() => makeOddly('-newkey', 'rsa:1024'), 'key: keys must be'],
    [() => makeOddly('-newkey', 'ed25519'), 'key: keys must be'],
  ])('is refused in words: %#', (change, problem) => {
    expect(findProblem(change())).toContain(problem)
  })

  it('is refused for another name, before its first and close to its last day', () => {
    expect(findProblem({}, 'www.example.com')).toBe('chain: the certificate is not for www.example.com')
    expect(findProblem({}, 'a.b.example.org')).toContain('is not for')
    expect(findProblem({}, NAME, Date.now() - 2 * DAY_MS)).toContain('first day')
    expect(findProblem({}, NAME, Date.now() + 396.5 * DAY_MS)).toContain('ends within a day')
  })

  it('never says anything of the key', () => {
    const secret = bought.key.split('\n')[1] ?? ''
    for (const change of [{ key: bought.key.replace('MI', '') }, { chain: bought.key }])
      expect(findProblem(change)).not.toContain(secret.slice(4, 20))
  })
})

function makeKey(namedCurve: string, passphrase?: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve })
  const sealed = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...sealed }).toString()
}

describe('what is kept', () => {
  it('is served also by the next server, with a key that only the front proxy reads', async () => {
    const first = await open()
    await first.set(NAME, bought)
    const own = await open()
    expect(await readOwn(own)).toBe(bought.chain)
    const { mode } = await stat(own.find(NAME)?.files.key ?? '')
    expect((mode & 0o777).toString(8)).toBe('640')
    expect(own.state(NAME)).toMatchObject({ issuer: 'own', state: 'valid' })
    expect(JSON.stringify(own.state(NAME))).not.toContain('PRIVATE')
  })

  it('is replaced by what is right alone, and gone without a trace when it is removed', async () => {
    const own = await open()
    await own.set(NAME, bought)
    await expect(own.set(NAME, { ...bought, key: makeKey('P-256') })).rejects.toThrow('does not belong')
    expect(await readOwn(own)).toBe(bought.chain)
    const next = await issueCertificate(join(folder, 'next'), [NAME])
    clockMs = Date.now()
    await own.set(NAME, next)
    expect(await readOwn(own)).toBe(next.chain)
    expect([await own.remove(NAME), await own.remove(NAME)]).toEqual([true, false])
    expect(own.find(NAME)).toBeUndefined()
    expect(await readdir(join(folder, 'own'))).toEqual([])
  })

  it('is preferred to the platform’s own, which is ready before it ends and served from its last day on', async () => {
    const own = await open()
    const local = await openCertificates(join(folder, 'certificates'), [])
    const asked: string[] = []
    const ensure = (names: readonly string[]) => {
      asked.push(names.join())
      return local.ensure(names)
    }
    const both = preferOwn({ ...local, ensure }, own)
    await own.set(NAME, bought)
    const kept = own.find(NAME)?.files
    expect(await both.ensure([NAME])).toEqual(kept)
    expect(await both.ensure(['example.org', NAME])).not.toEqual(kept)
    expect(asked.splice(0)).toEqual([`example.org,${NAME}`])
    clockMs += 390 * DAY_MS
    expect(await both.ensure([NAME])).toEqual(kept)
    expect(asked.splice(0)).toEqual([NAME])
    expect(own.state(NAME)?.message).toContain('ends soon')
    clockMs += 6.5 * DAY_MS
    expect(await both.ensure([NAME])).not.toEqual(kept)
    expect(own.state(NAME)).toBeUndefined()
  })

  it('is forgotten with its name', async () => {
    const own = await open()
    const local = await openCertificates(join(folder, 'certificates'), [])
    await own.set(NAME, bought)
    await preferOwn(local, own).keepOnly([[NAME], ['other.example.org']])
    expect(own.find(NAME)).toBeDefined()
    await preferOwn(local, own).keepOnly([['other.example.org'], [NAME, 'other.example.org']])
    expect(own.find(NAME)).toBeUndefined()
  })
})
