import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAudit } from './audit.js'
import { openAuditFile } from './audit-file.js'
import { readAudit } from './read-audit.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'))
  path = join(folder, 'audit.log')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lost = (error: unknown): never => {
  throw error
}
const linesOf = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n')
const setAside = () =>
  readdirSync(folder)
    .filter((name) => name !== 'audit.log')
    .sort()

test('AGT-9: a later agent adds to it; a full file is set aside whole, and the last of those are kept', () => {
  const sizes = { mostBytes: 60, keep: 3 }
  let count = 0
  for (let agent = 0; agent < 4; agent += 1) {
    const file = openAuditFile(path, sizes, lost)
    for (let line = 0; line < 5; line += 1) file.add(`line number ${String(count++).padStart(3, '0')}`)
    file.close()
  }
  // Sixteen characters a line: three in a file, twenty in all.
  const kept = [...setAside(), 'audit.log'].map(linesOf)
  expect(kept.map((lines) => lines.length)).toEqual([3, 3, 3, 2])
  expect(kept.flat()).toEqual(Array.from({ length: 11 }, (_, i) => `line number ${String(i + 9).padStart(3, '0')}`))
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
})

test('AGT-9: names and words of others show as what they are, and take no more than their room', () => {
  const audit = openAudit(path, lost)
  const hostile = '\u001b]0;x\u0007\u202e\u009b31m\n'
  audit.begin('ada', 'files.remove', { id: 'shop', path: `${hostile}${'é'.repeat(4000)}` }).end('done')
  audit.close()
  const text = readFileSync(path, 'latin1')
  expect(text).toMatch(/^[\x20-\x7e]+\n[\x20-\x7e]+\n$/)
  expect(text.length).toBeLessThan(8000)
  expect(JSON.parse(text.split('\n')[0] ?? '').path.startsWith(hostile)).toBe(true)
})

test('AGT-9: it is read from its end, page by page across files, each act with how it ended', async () => {
  const audit = openAudit(path, lost, { mostBytes: 9000, keep: 3 })
  const begun = Array.from({ length: 120 }, (_, count) =>
    audit.begin(count % 2 ? 'ada' : 'Bob', 'files.save', { id: count === 7 ? 'blog' : 'shop', path: `${count}` }),
  )
  for (const [count, act] of begun.entries()) if (count !== 119) act.end(count === 118 ? 'host_failed' : 'done')
  audit.close()
  expect(setAside().length).toBeGreaterThan(1)
  const first = await readAudit(path, {})
  expect(first.acts.map(({ facts }) => facts['path'])).toEqual(Array.from({ length: 50 }, (_, i) => `${119 - i}`))
  expect(first.acts.slice(0, 3).map(({ outcome }) => outcome)).toEqual([undefined, 'host_failed', 'done'])
  // What is set aside in between does not move a place.
  const later = openAudit(path, lost, { mostBytes: 10, keep: 9 })
  later.begin('ada', 'host.doctor', {}).end('done')
  const second = await readAudit(path, { before: first.next })
  expect(second.acts[0]).toMatchObject({
    actor: 'ada',
    call: 'files.save',
    site: 'shop',
    outcome: 'done',
    facts: { path: '69' },
  })
  expect((await readAudit(path, { site: 'BLO' })).acts.map(({ facts }) => facts)).toEqual([{ path: '7' }])
  expect((await readAudit(path, { actor: 'bob', call: 'save' })).acts).toHaveLength(50)
  expect(await readAudit(path, { before: '1-1' })).toEqual({ acts: [] })
  later.close()
})
