import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform } from '../helpers/platform.js'
import { endProcess, start } from '../helpers/programs.js'
import { type OwnTemplates, openOwnTemplates } from './rollout/own-templates.js'

/** A package of a template is renewed while five sites are visited all the time; the archive is one on this machine. */
const STACK = 'nginx-php-mariadb'
const SITES = ['one', 'two', 'three', 'four', 'five']
const PROBE = 'ruche-probe'
const BUILD_LIMIT_MS = 900_000

let own: OwnTemplates
let platform: Platform

const probe = (version: number, more: Record<string, string> = {}, archive = own.archive) =>
  archive.publish(PROBE, `${version}`, { [`/usr/share/${PROBE}/version`]: `${version}\n`, ...more })
const OLD = { [`/usr/share/${PROBE}/old.php`]: '<?php // what one site relies on\n' }

beforeAll(async () => {
  own = await openOwnTemplates(STACK, {
    more: [PROBE],
    publish: async (archive) => probe(1, OLD, archive),
  })
  platform = own.platform
  await platform.resolve(...SITES.map(hostOf))
  for (const name of SITES) {
    await platform.json('create', name, '--language', 'php', '--database', 'mariadb', '--memory', '256M')
    await inSite(name, `echo "kept by ${name}" > ~/private/note`)
  }
}, BUILD_LIMIT_MS)
afterAll(() => own?.close())

const hostOf = (name: string) => `${name}.${BASE_DOMAIN}`
const urlOf = (name: string) => `https://${hostOf(name)}/`

async function inSite(name: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await platform.ruche('exec', name, '--', 'sh', '-c', script)
  if (code !== 0) throw new Error(`${script} ended with ${code} in ${name}: ${stderr}`)
  return stdout.trim()
}

const versionsIn = () => Promise.all(SITES.map((name) => inSite(name, `cat /usr/share/${PROBE}/version`)))
const notesIn = () => Promise.all(SITES.map((name) => inSite(name, 'cat ~/private/note')))
const countIn = async (name: string) =>
  Number(/id="visits">(\d+)</.exec((await platform.curl('--fail', urlOf(name))).stdout)?.[1])

interface Visit {
  began: number
  ended: number
  status: number | string
}
interface Moved {
  kind: string
  subject: string
  state: string
  created_at: string
  ended_at: string
  error?: { message: string }
}

/** What visitors of all five sites see, who ask all the time while something is done. */
async function visitDuring<T>(act: () => Promise<T>): Promise<{ result: T; seen: Record<string, Visit[]> }> {
  const script = new URL('rollout/visit.mjs', import.meta.url).pathname
  const [program, args] = platform.network.inside(platform.network.visitor, [
    ...[process.execPath, script, platform.caFile],
    ...SITES.map(urlOf),
  ])
  const { child, output } = start(program, args)
  const ended = new Promise((done) => child.once('close', done))
  try {
    const result = await act()
    child.stdin?.end()
    await ended
    return { result, seen: JSON.parse(output()) as Record<string, Visit[]> }
  } finally {
    await endProcess(child, 'SIGTERM', 1000)
  }
}

/** The moves since a moment, by site. */
async function movesSince(since: number): Promise<Map<string, Moved>> {
  const { operations } = await platform.json<{ operations: Moved[] }>('operations')
  const moves = operations.filter((one) => one.kind === 'site.update' && Date.parse(one.created_at) >= since)
  return new Map(moves.map((one) => [one.subject, one]))
}

/** Every request that was not answered well, outside the site's own move. */
function planStrays(seen: Record<string, Visit[]>, moves: Map<string, Moved>): string[] {
  return SITES.flatMap((name) => {
    const move = moves.get(name)
    const [from, to] = move ? [Date.parse(move.created_at), Date.parse(move.ended_at)] : [0, 0]
    return (seen[urlOf(name)] ?? [])
      .filter(({ began, ended, status }) => status !== 200 && (ended < from || began > to))
      .map(({ began, status }) => `${name}: ${status} at ${new Date(began).toISOString()}`)
  })
}

function tellOf(seen: Record<string, Visit[]>, moves: Map<string, Moved>): void {
  const rows = SITES.map((name) => {
    const visits = seen[urlOf(name)] ?? []
    const failed = visits.filter(({ status }) => status !== 200)
    const move = moves.get(name)
    return {
      site: name,
      visits: visits.length,
      failed: failed.length,
      failedForMs: failed.length === 0 ? 0 : (failed.at(-1)?.ended ?? 0) - (failed[0]?.began ?? 0),
      moveMs: move ? Date.parse(move.ended_at) - Date.parse(move.created_at) : undefined,
      longestMs: Math.max(...visits.map(({ began, ended }) => ended - began)),
    }
  })
  console.table(rows)
}

describe('five sites on a template with an older package', () => {
  test('the template is seen to be behind, is built again, and each site moves within its own restart, with its data', async () => {
    expect(await versionsIn()).toEqual(['1', '1', '1', '1', '1'])
    await probe(2, OLD)
    const { templates } = await platform.json<{ templates: { updates: { packages: object[] } }[] }>('template', 'check')
    expect(templates.map(({ updates }) => updates.packages)).toEqual([
      [{ name: PROBE, from: '1', to: '2', security: false }],
    ])
    await platform.json('template', 'build', STACK, '--force')
    expect(await versionsIn()).toEqual(['1', '1', '1', '1', '1'])
    const since = Date.now()
    const { seen } = await visitDuring(() => platform.json('template', 'rollout', STACK, '--now'))
    const moves = await movesSince(since)
    tellOf(seen, moves)
    expect([...moves.keys()].sort()).toEqual([...SITES].sort())
    expect([...moves.values()].map(({ state }) => state)).toEqual(SITES.map(() => 'done'))
    expect(planStrays(seen, moves)).toEqual([])
    expect(await versionsIn()).toEqual(['2', '2', '2', '2', '2'])
    expect(await notesIn()).toEqual(SITES.map((name) => `kept by ${name}`))
    for (const name of SITES) {
      const answered = seen[urlOf(name)]?.filter(({ status }) => status === 200).length ?? 0
      expect(answered).toBeGreaterThan(0)
      expect(await countIn(name)).toBeGreaterThan(answered)
    }
  }, 600_000)

  test('a template that breaks one site is left by that site by itself, which says so; the sites after it are left alone', async () => {
    const needs = `sed -i 's|^declare.*|&\\nrequire "/usr/share/${PROBE}/old.php";|' ~/public/index.php`
    await inSite('three', needs)
    expect((await platform.curl('--fail', urlOf('three'))).code).toBe(0)
    await probe(3)
    await platform.json('template', 'build', STACK, '--force')
    const since = Date.now()
    const { result, seen } = await visitDuring(() => platform.ruche('template', 'rollout', STACK, '--now'))
    const moves = await movesSince(since)
    tellOf(seen, moves)
    const reason = 'three did worse on the other template: its page answers 500 instead of 200'
    expect(result.code).not.toBe(0)
    expect(result.stderr).toContain(reason)
    expect(moves.get('three')).toMatchObject({ state: 'failed', error: { message: expect.stringContaining(reason) } })
    expect([...moves.keys()].sort()).toEqual(['one', 'three', 'two'])
    expect(planStrays(seen, moves)).toEqual([])
    expect(await versionsIn()).toEqual(['3', '3', '2', '2', '2'])
    expect((await platform.curl('--fail', urlOf('three'))).code).toBe(0)
    expect(await notesIn()).toEqual(SITES.map((name) => `kept by ${name}`))

    // The next rollout does not try that site again.
    await platform.json('template', 'rollout', STACK, '--now')
    expect(await versionsIn()).toEqual(['3', '3', '2', '3', '3'])
  }, 600_000)

  test('a site is put back by hand, alone; one that breaks the copy moves nobody', async () => {
    await platform.json('template', 'rollback', 'one')
    expect(await versionsIn()).toEqual(['2', '3', '2', '3', '3'])
    for (const name of SITES)
      await inSite(name, `sed -i 's|^declare.*|&\\nrequire "/usr/share/${PROBE}/version";|' ~/public/index.php`)
    await own.archive.publish(PROBE, '4', OLD)
    await platform.json('template', 'build', STACK, '--force')
    const { code, stderr } = await platform.ruche('template', 'rollout', STACK, '--now')
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/A copy of \w+ did worse on the new template: its page answers 500 instead of 200/)
    expect(await versionsIn()).toEqual(['2', '3', '2', '3', '3'])
  }, 600_000)
})
