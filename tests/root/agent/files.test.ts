import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SiteFiles } from '../../../src/engine/engine.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { finish } from '../../helpers/programs.js'

let agent: TestAgent
let files: SiteFiles
const context = { actor: 'test' }
const bytes = (text: string) => new TextEncoder().encode(text)
const textOf = (content: Uint8Array) => Buffer.from(content).toString('utf8')

beforeAll(async () => {
  agent = await startAgent()
  await agent.engine.create(specFor('desk', 40), context)
  files = agent.engine.files('desk', 'ada')
})
afterAll(async () => {
  await agent?.close()
})

test('a site that was never started has its home already', async () => {
  const { entries } = await files.list('')
  expect(entries.map(({ name, type }) => `${type} ${name}`)).toEqual(['folder private', 'folder public'])
  const { version } = await files.save('public/early.txt', null, bytes('early'))
  await agent.engine.start('desk', context)
  expect((await agent.get('10.1.1.40', '/early.txt')).text).toBe('early')
  expect((await files.read('public/early.txt')).version).toBe(version)
})

describe.each(['running', 'stopped'] as const)('FIL-4: in a %s site', (phase) => {
  beforeEach(async () => {
    await (phase === 'running' ? agent.engine.start('desk', context) : agent.engine.stop('desk', context))
    await files.remove('public/tried').catch(() => undefined)
    await files.makeFolder('public/tried')
  })

  test('a file is made, read, changed and served by its version only', async () => {
    const first = await files.save('public/tried/a.html', null, bytes('one'))
    expect(first.version).toBe(createHash('sha256').update('one').digest('hex'))
    const found = await files.read('public/tried/a.html')
    expect({ ...found, content: textOf(found.content) }).toEqual({
      sizeBytes: 3,
      version: first.version,
      content: 'one',
    })
    const second = await files.save('public/tried/a.html', first.version, bytes('two'))
    await expect(files.save('public/tried/a.html', first.version, bytes('three'))).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(files.save('public/tried/a.html', null, bytes('three'))).rejects.toMatchObject({ code: 'conflict' })
    await expect(files.save('public/tried/new', second.version, bytes('x'))).rejects.toMatchObject({ code: 'conflict' })
    expect(textOf((await files.read('public/tried/a.html')).content)).toBe('two')
    const { entries } = await files.list('public/tried')
    expect(entries).toEqual([
      { name: 'a.html', type: 'file', sizeBytes: 3, mode: 0o644, modifiedAt: expect.stringMatching(/^20\d\d-/) },
    ])
  })

  test('of many saves from one version at once, one wins', async () => {
    const { version } = await files.save('public/tried/race', null, bytes('start'))
    const saves = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => files.save('public/tried/race', version, bytes(`number ${n}`))),
    )
    expect(saves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(textOf((await files.read('public/tried/race')).content)).toMatch(/^number \d$/)
  })

  test('FIL-3: names that look like something else are only names', async () => {
    const names = ['-rf', '--help', 'a\nb', ' ', '$(id)', '%s', 'é', '‮txt', '*', 'a\'b"c', '~', 'x'.repeat(255)]
    for (const name of names) await files.save(`public/tried/${name}`, null, bytes(name))
    const { entries } = await files.list('public/tried')
    expect(entries.map(({ name }) => name).sort()).toEqual([...names].sort())
    for (const name of names) expect(textOf((await files.read(`public/tried/${name}`)).content)).toBe(name)
    await files.rename('public/tried/-rf', 'public/tried/--version')
    await files.makeFolder('public/tried/-p')
    for (const name of ['--version', '-p', 'a\nb', '*']) await files.remove(`public/tried/${name}`)
    const left = (await files.list('public/tried')).entries.map(({ name }) => name)
    expect(left.sort()).toEqual(names.filter((name) => !['-rf', 'a\nb', '*'].includes(name)).sort())
  })

  test('what cannot be is said', async () => {
    await files.save('public/tried/file', null, bytes('x'))
    await files.makeFolder('public/tried/folder')
    const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code })
    await refused(files.read('public/tried/none'), 'not_found')
    await refused(files.read('public/tried/folder'), 'invalid')
    await refused(files.list('public/tried/none'), 'not_found')
    await refused(files.list('public/tried/file'), 'invalid')
    await refused(files.makeFolder('public/tried/folder'), 'conflict')
    await refused(files.makeFolder('public/none/folder'), 'not_found')
    await refused(files.rename('public/tried/file', 'public/tried/folder'), 'conflict')
    await refused(files.rename('public/tried/none', 'public/tried/other'), 'not_found')
    await refused(files.rename('public/tried/folder', 'public/tried/folder/in'), 'invalid')
    await refused(files.remove('public/tried/none'), 'not_found')
    await refused(files.remove(''), 'invalid')
    await refused(files.save('', null, bytes('x')), 'invalid')
    await refused(files.read('../../etc/passwd'), 'invalid')
    await refused(files.save('public/tried/big', null, new Uint8Array(2 * 1024 * 1024 + 1)), 'limit_reached')
    await files.save('public/tried/most', null, new Uint8Array(2 * 1024 * 1024))
    expect((await files.read('public/tried/most')).sizeBytes).toBe(2 * 1024 * 1024)
  })
})

/** What a site may put in the way of whoever works on its files. */
const HOSTILE = [
  'mkdir public/odd; cd public/odd',
  'ln -s /etc/hostname link',
  'ln -s /etc/shadow secret',
  'ln -s nowhere dangling',
  'ln -s loop loop',
  'mkfifo fifo',
  'ln -s fifo to-fifo',
  'ln -s /dev/zero zero; ln -s /proc/kmsg kmsg; ln -s /proc/self/environ environ',
  'perl -MSocket -e \'socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un("socket")) or die\'',
  'truncate -s 1T sparse',
  'printf shut >shut; chmod 000 shut',
  'mkdir closed; touch closed/in; chmod 000 closed',
  'touch -d @99999999999 late',
  'touch "$(printf "bad\\377utf8")"',
  'printf in >target; ln -s target to-target',
  // Few inodes, many names: ext4 allows 65,000 links.
  `mkdir many; cd many; touch a b; perl -e 'for (1..49999) { link("a", $_); link("b", "x$_") or die }'`,
].join('\n')

test('FIL-3, FIL-4: links lead only inside, FIFOs, sockets, devices and huge folders hold nobody up, running or stopped', async () => {
  await agent.engine.start('desk', context)
  expect(await execIn(agent, 'desk', ['sh', '-ec', HOSTILE])).toMatchObject({ code: 0, stderr: '' })
  for (const phase of ['running', 'stopped'] as const) {
    if (phase === 'stopped') await agent.engine.stop('desk', context)
    // A rescue has the template's own name of the machine; the file is there in both.
    if (phase === 'running') expect(textOf((await files.read('public/odd/link')).content)).toBe('desk\n')
    const refused = (path: string, codes: RegExp) =>
      expect(files.read(`public/odd/${path}`), `${phase} ${path}`).rejects.toMatchObject({
        code: expect.stringMatching(codes),
      })
    await refused('secret', /^(forbidden|invalid|not_found)$/)
    for (const name of ['fifo', 'to-fifo', 'zero', 'socket', 'closed']) await refused(name, /^invalid$/)
    await refused('kmsg', /^(forbidden|invalid)$/)
    await refused('dangling', /^not_found$/)
    await refused('loop', /^(not_found|invalid)$/)
    await refused('shut', /^forbidden$/)
    await refused('closed/in', /^(forbidden|not_found)$/)
    await refused('sparse', /^limit_reached$/)
    await expect(files.list('public/odd/closed')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(files.save('public/odd/fifo', null, bytes('x'))).rejects.toMatchObject({ code: 'conflict' })
    const byName = new Map((await files.list('public/odd')).entries.map((entry) => [entry.name, entry]))
    for (const name of ['fifo', 'socket']) expect(byName.get(name)?.type).toBe('other')
    expect(byName.get('secret')).toMatchObject({ type: 'link', linkTarget: '/etc/shadow' })
    expect(byName.get('sparse')?.sizeBytes).toBe(1024 ** 4)
    expect(byName.has('bad\ufffdutf8')).toBe(true)
    const many = await files.list('public/odd/many')
    expect([many.truncated, many.entries.length]).toEqual([true, 10_000])
    // Saving through a link changes what it leads to.
    const { version } = await files.read('public/odd/to-target')
    await files.save('public/odd/to-target', version, bytes(phase))
    expect(textOf((await files.read('public/odd/target')).content)).toBe(phase)
    expect((await files.list('public/odd')).entries.find(({ name }) => name === 'to-target')?.type).toBe('link')
  }
  await files.remove('public/odd/many')
  await agent.engine.start('desk', context)
  await execIn(agent, 'desk', ['chmod', '700', 'public/odd/closed'])
  await files.remove('public/odd')
})

test('FIL-3: what is swapped for a link in the middle of the work leads nowhere that its user may not go', async () => {
  await files.makeFolder('public/race')
  const swap =
    'cd public/race; mkdir a; ln -s /etc b; while :; do mv -T a c; mv -T b a; mv -T a b; mv -T c a; done 2>/dev/null'
  const hangUp = new AbortController()
  const streams = { onStdout: () => undefined, onStderr: () => undefined }
  const swapping = agent.engine.exec('desk', { argv: ['sh', '-c', swap], timeoutMs: 60_000 }, streams, {
    ...context,
    signal: hangUp.signal,
  })
  swapping.catch(() => undefined)
  const work = Array.from({ length: 30 }, (_, n) => [
    files.save(`public/race/a/planted-${n}`, null, bytes('x')),
    files.remove('public/race/a/hostname'),
    files.list('public/race/a'),
  ])
  const settled = await Promise.allSettled(work.flat())
  hangUp.abort()
  for (const one of settled)
    if (one.status === 'rejected')
      expect(one.reason.code).toMatch(/^(not_found|forbidden|invalid|conflict|limit_reached|host_failed)$/)
  const { stdout } = await execIn(agent, 'desk', ['sh', '-c', 'ls /etc | grep planted; cat /etc/hostname'])
  expect(stdout).toBe('desk\n')
  expect((await finish('sh', ['-c', 'ls /etc | grep planted'])).stdout).toBe('')
})

test('RES-1: a site with no process to spare says so, and can be worked on when it has', async () => {
  const fork = 'while sleep 60 & do :; done 2>/dev/null'
  await execIn(agent, 'desk', ['sh', '-c', fork])
  await expect(files.save('public/one-more', null, bytes('x'))).rejects.toMatchObject({ code: 'limit_reached' })
  await agent.engine.stop('desk', context)
  await agent.engine.start('desk', context)
  await files.save('public/one-more', null, bytes('x'))
})

test('RES-4: a full disk is told as such, and can be worked on', async () => {
  await execIn(agent, 'desk', ['sh', '-c', 'head -c 400M /dev/zero >public/full'])
  await expect(files.save('public/more', null, new Uint8Array(100_000))).rejects.toMatchObject({
    code: 'limit_reached',
    message: expect.stringContaining('disk is full'),
  })
  expect((await files.list('public')).entries.map(({ name }) => name)).not.toContain('more')
  await files.remove('public/full')
  await files.save('public/more', null, new Uint8Array(100_000))
})
