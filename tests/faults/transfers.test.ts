import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SiteFiles, Upload } from '../../src/engine/engine.js'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { finish, succeed } from '../helpers/programs.js'
import { makeTempFolder } from '../helpers/temp-folder.js'

const MIB = 1024 ** 2
const context = { actor: 'test' }
const never = new AbortController().signal
let agent: TestAgent
let files: SiteFiles

beforeAll(async () => {
  agent = await startAgent()
  await agent.engine.create(specFor('desk', 45), context)
  files = agent.engine.files('desk', 'ada')
  await agent.engine.start('desk', context)
})
afterAll(async () => {
  await agent?.close()
})

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const newUpload = (sizeBytes: number, more: Partial<Upload> = {}): Upload => ({
  id: randomBytes(8).toString('hex'),
  offset: 0,
  sizeBytes,
  version: null,
  replace: false,
  keep: false,
  ...more,
})
async function* pieces(content: Uint8Array, breakOffAt = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 100_000) {
    if (at >= breakOffAt) throw new Error('gone')
    yield content.subarray(at, at + 100_000)
  }
}
const upload = (path: string, content: Uint8Array, more: Partial<Upload> = {}) =>
  files.upload(path, newUpload(content.length, more), pieces(content), never)
async function collect(start: (take: (chunk: Uint8Array) => void) => Promise<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  await start((chunk) => void chunks.push(Buffer.from(chunk)))
  return Buffer.concat(chunks)
}
const download = (path: string, offset = 0, lengthBytes = 1024 ** 3) =>
  collect((take) => files.download(path, { offset, lengthBytes }, { take, signal: never }))
const pack = (path: string, format: 'zip' | 'tar') =>
  collect((take) => files.pack(path, format, { take, signal: never }))
const names = async (path: string) => (await files.list(path)).entries.map(({ name }) => name)
const refused = (work: Promise<unknown>, code: string | RegExp) =>
  expect(work).rejects.toMatchObject({ code: typeof code === 'string' ? code : expect.stringMatching(code) })

describe.each(['running', 'stopped'] as const)('FIL-4: in a %s site', (phase) => {
  beforeEach(async () => {
    await (phase === 'running' ? agent.engine.start('desk', context) : agent.engine.stop('desk', context))
    await files.remove('public/tried').catch(() => undefined)
    await files.makeFolder('public/tried')
  })

  test('WEB-8: a file arrives whole or not at all, and comes back the same, also in parts', async () => {
    const content = randomBytes(3 * MIB + 17)
    expect(await upload('public/tried/new/folder/file.bin', content)).toEqual({ version: hash(content) })
    expect(await files.stat('public/tried/new/folder/file.bin')).toMatchObject({
      name: 'file.bin',
      type: 'file',
      sizeBytes: content.length,
      mode: 0o644,
    })
    expect((await download('public/tried/new/folder/file.bin')).equals(content)).toBe(true)
    expect((await download('public/tried/new/folder/file.bin', 1000, 5000)).equals(content.subarray(1000, 6000))).toBe(
      true,
    )
    await refused(upload('public/tried/new/folder/file.bin', content), 'conflict')
    await refused(upload('public/tried/short', content.subarray(0, 10), { sizeBytes: 11 }), 'invalid')
    await refused(upload('public/tried/long', content.subarray(0, 10), { sizeBytes: 9 }), 'invalid')
    await refused(upload('public/tried/other', content.subarray(0, 10), { version: hash(content) }), 'invalid')
    await refused(upload('public/tried/new', content, { replace: true }), 'invalid')
    const broken = files.upload('public/tried/broken', newUpload(content.length), pieces(content, MIB), never)
    await expect(broken).rejects.toThrow('gone')
    await expect.poll(() => names('public/tried'), { timeout: 20_000 }).toEqual(['new'])
    await upload('public/tried/new/folder/file.bin', Buffer.from('two'), { replace: true })
    expect((await download('public/tried/new/folder/file.bin')).toString()).toBe('two')
    await upload('public/tried/empty', new Uint8Array())
    expect((await download('public/tried/empty')).length).toBe(0)
  })

  test('an upload that broke off goes on where it was', async () => {
    const content = randomBytes(2 * MIB)
    const plan = newUpload(content.length, { version: hash(content), keep: true })
    const first = files.upload('public/tried/resumed', plan, pieces(content, MIB), never)
    await expect(first).rejects.toThrow('gone')
    await expect
      .poll(() => files.findUploadedBytes('public/tried/resumed', plan), { timeout: 20_000 })
      .toBeGreaterThan(0)
    const offset = await files.findUploadedBytes('public/tried/resumed', plan)
    const rest = (at: number) => pieces(content.subarray(at))
    await refused(
      files.upload('public/tried/resumed', { ...plan, offset: offset - 1 }, rest(offset - 1), never),
      'conflict',
    )
    const { version } = await files.upload('public/tried/resumed', { ...plan, offset }, rest(offset), never)
    expect(version).toBe(hash(content))
    expect(await names('public/tried')).toEqual(['resumed'])
  })

  test('a tree is copied, moved, packed, looked into and unpacked', async () => {
    await upload('public/tried/a/one.txt', Buffer.from('one'))
    await upload('public/tried/a/-rf\n$(id)', Buffer.from('odd'))
    await files.copy('public/tried/a', 'public/tried/b')
    await files.changeMode('public/tried/b/one.txt', 0o600)
    expect(await files.stat('public/tried/b/one.txt')).toMatchObject({ mode: 0o600, sizeBytes: 3 })
    await files.rename('public/tried/b', 'public/tried/a/c')
    expect(await names('public/tried/a')).toEqual(['-rf\n$(id)', 'c', 'one.txt'])
    await refused(files.copy('public/tried/a', 'public/tried/a/d'), 'invalid')
    await refused(files.copy('public/tried/a/one.txt', 'public/tried/a/c'), 'conflict')
    await refused(files.copy('public/tried/none', 'public/tried/x'), 'not_found')
    for (const format of ['zip', 'tar'] as const) {
      await upload(`public/tried/a.${format}`, await pack('public/tried/a', format))
      const into = `public/tried/${format}`
      const seen = await files.peek(`public/tried/a.${format}`, into)
      expect(seen.truncated).toBe(false)
      expect(seen.entries.find(({ path }) => path === 'a/c/one.txt')).toEqual({
        path: 'a/c/one.txt',
        type: 'file',
        sizeBytes: 3,
        exists: false,
      })
      await files.unpack(`public/tried/a.${format}`, into, false, never)
      expect(await names(`${into}/a`)).toEqual(['-rf\n$(id)', 'c', 'one.txt'])
      await upload(`${into}/a/one.txt`, Buffer.from('changed'), { replace: true })
      const again = await files.peek(`public/tried/a.${format}`, into)
      expect(again.entries.find(({ path }) => path === 'a/one.txt')?.exists).toBe(true)
      await files.unpack(`public/tried/a.${format}`, into, false, never)
      expect((await download(`${into}/a/one.txt`)).toString()).toBe('changed')
      await files.unpack(`public/tried/a.${format}`, into, true, never)
      expect((await download(`${into}/a/one.txt`)).toString()).toBe('one')
      expect(await names(into)).toEqual(['a'])
    }
    await refused(files.peek('public/tried/a/one.txt', 'public'), 'invalid')
    await refused(files.unpack('public/tried/a/one.txt', 'public/tried', false, never), 'invalid')
  })

  test('names and contents are found, and what is searched for is only a text', async () => {
    await upload('public/tried/Kitten*.txt', Buffer.from('first\nA Needle -- in hay\nneedle'))
    await upload('public/tried/other.bin', Buffer.from('needle\0'))
    const found = async (text: string, where: 'names' | 'contents') =>
      (await files.search('public/tried', text, where)).found
    expect(await found('kitten', 'names')).toEqual([{ path: 'public/tried/Kitten*.txt', type: 'file' }])
    expect(await found('*', 'names')).toEqual([{ path: 'public/tried/Kitten*.txt', type: 'file' }])
    expect(await found('needle', 'contents')).toEqual([
      { path: 'public/tried/Kitten*.txt', type: 'file', line: 2, text: 'A Needle -- in hay' },
      { path: 'public/tried/Kitten*.txt', type: 'file', line: 3, text: 'needle' },
    ])
    expect(await found('--', 'contents')).toHaveLength(1)
    expect(await found('.*', 'contents')).toEqual([])
  })
})

/** What a site may put in the way of whoever works on its files. */
const HOSTILE = [
  'rm -rf public/odd; mkdir public/odd; cd public/odd',
  'ln -s /etc etc; ln -s /etc/shadow secret; ln -s nowhere dangling; ln -s loop loop',
  'mkfifo fifo; ln -s fifo to-fifo; ln -s /dev/zero zero',
  'truncate -s 1T sparse; printf shut >shut; chmod 000 shut; mkdir closed; chmod 000 closed',
  'touch "$(printf "bad\\377utf8")"',
  `mkdir many; cd many; touch a b; perl -e 'for (1..49999) { link("a", $_); link("b", "x$_") or die }'`,
].join('\n')

test('FIL-3: links, FIFOs, devices, sparse and shut files and 100,000 entries hold no verb up, and lead nowhere', async () => {
  await agent.engine.start('desk', context)
  expect(await execIn(agent, 'desk', ['sh', '-ec', HOSTILE])).toMatchObject({ code: 0, stderr: '' })
  const refusal = /^(forbidden|invalid|not_found|conflict|limit_reached)$/
  for (const name of ['fifo', 'to-fifo', 'zero', 'dangling', 'loop', 'secret', 'shut', 'closed'])
    await refused(download(`public/odd/${name}`, 0, 100), refusal)
  for (const name of ['fifo', 'to-fifo', 'zero', 'loop', 'closed', 'closed/in'])
    await refused(upload(`public/odd/${name}`, Buffer.from('x'), { replace: true }), refusal)
  await refused(upload('public/odd/etc/planted', Buffer.from('x')), 'forbidden')
  await refused(files.changeMode('public/odd/secret', 0o777), /^(forbidden|not_found)$/)
  await refused(files.copy('public/odd/many', 'public/odd/etc/many'), 'forbidden')
  await refused(files.unpack('public/odd/fifo', 'public/odd', true, never), 'invalid')
  // Its holes are holes in the copy too.
  await files.copy('public/odd/sparse', 'public/odd/sparse-too')
  await files.copy('public/odd/many', 'public/odd/many-too')
  const found = await files.search('public/odd', 'x4999', 'names')
  expect(found.found.length).toBeGreaterThan(20)
  expect((await files.search('', 'no such text', 'contents')).found).toEqual([])
  const abort = new AbortController()
  const endless = files.pack('public/odd', 'zip', {
    take: () => abort.abort(),
    signal: abort.signal,
  })
  await expect(endless).rejects.toThrow()
  await files.remove('public/odd/many')
  await execIn(agent, 'desk', [
    'sh',
    '-c',
    'chmod 700 public/odd/closed; rm -rf public/odd; grep -c planted /etc/passwd; ls /etc | grep planted',
  ])
  expect((await finish('sh', ['-c', 'ls /etc | grep planted'])).stdout).toBe('')
})

/** Archives as an attacker makes them. */
const ARCHIVES = `
import io, sys, tarfile, zipfile
folder = sys.argv[1]
with zipfile.ZipFile(folder + '/climb.zip', 'w') as z:
    z.writestr('../climbed', 'x'); z.writestr('/absolute', 'x'); z.writestr('good', 'x'); z.writestr('a/../../climbed', 'x')
with tarfile.open(folder + '/link.tar', 'w') as t:
    link = tarfile.TarInfo('out'); link.type = tarfile.SYMTYPE; link.linkname = '/home/site/public'; t.addfile(link)
    f = tarfile.TarInfo('out/planted'); f.size = 1; t.addfile(f, io.BytesIO(b'x'))
    h = tarfile.TarInfo('hard'); h.type = tarfile.LNKTYPE; h.linkname = '/etc/hostname'; t.addfile(h)
    p = tarfile.TarInfo('fifo'); p.type = tarfile.FIFOTYPE; t.addfile(p)
    s = tarfile.TarInfo('setuid'); s.mode = 0o4755; t.addfile(s)
with zipfile.ZipFile(folder + '/bomb.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    with z.open('zeros', 'w', force_zip64=True) as f:
        for _ in range(600): f.write(bytes(1024 * 1024))
with tarfile.open(folder + '/many.tar.gz', 'w:gz', compresslevel=1) as t:
    for n in range(100000): t.addfile(tarfile.TarInfo('many/%d' % n))
`

test('FIL-5: an archive that climbs, links outwards, swells or swarms stays inside, and leaves nothing when it fails', async () => {
  const temp = await makeTempFolder('archives')
  try {
    await succeed('python3', ['-c', ARCHIVES, temp.path], { timeoutMs: 300_000 })
    await execIn(agent, 'desk', ['sh', '-c', 'rm -rf public/in; mkdir public/in'])
    for (const name of ['climb.zip', 'link.tar', 'bomb.zip', 'many.tar.gz'])
      await upload(`public/in/${name}`, readFileSync(`${temp.path}/${name}`))
    const before = (await names('public')).join()
    expect((await files.peek('public/in/climb.zip', 'public/in')).entries.map(({ path }) => path)).toEqual([
      'absolute',
      'good',
    ])
    for (const name of ['climb.zip', 'link.tar'])
      await files.unpack(`public/in/${name}`, `public/in/${name}.d`, true, never).catch(() => undefined)
    await refused(files.unpack('public/in/bomb.zip', 'public/in/bomb', true, never), 'limit_reached')
    await refused(files.unpack('public/in/many.tar.gz', 'public/in/many', true, never), 'limit_reached')
    expect((await files.peek('public/in/many.tar.gz', 'public/in')).truncated).toBe(true)
    expect((await names('public')).join()).toBe(before)
    for (const name of ['bomb', 'many']) expect(await names(`public/in/${name}`)).toEqual([])
    const looked = await execIn(agent, 'desk', [
      'sh',
      '-c',
      'ls /climbed /absolute ../climbed public/climbed public/planted; find public/in -perm /6000',
    ])
    expect(looked.stdout).toBe('')
  } finally {
    await temp.remove()
  }
})

test('WEB-8: ten gigabytes into a small disk are refused when it is full, and nothing is left', async () => {
  await agent.engine.start('desk', context)
  async function* endless(): AsyncGenerator<Uint8Array> {
    const chunk = randomBytes(MIB)
    for (;;) yield chunk
  }
  const used = async () =>
    Number((await execIn(agent, 'desk', ['df', '--output=used', '-B1K', '.'])).stdout.split('\n')[1])
  const before = await used()
  const huge = files.upload('public/huge', newUpload(10 * 1024 ** 3), endless(), never)
  await refused(huge, 'limit_reached')
  expect(await names('public')).not.toContain('huge')
  await expect.poll(async () => (await used()) - before, { timeout: 20_000 }).toBeLessThan(1024)
})

test('FIL-3: what is swapped for a link in the middle of the work leads nowhere that its user may not go', async () => {
  await files.makeFolder('public/swap')
  const swap =
    'cd public/swap; mkdir a; ln -s /etc b; while :; do mv -T a c; mv -T b a; mv -T a b; mv -T c a; done 2>/dev/null'
  const hangUp = new AbortController()
  const swapping = agent.engine.exec(
    'desk',
    { argv: ['sh', '-c', swap], timeoutMs: 120_000 },
    { onStdout: () => undefined, onStderr: () => undefined },
    { ...context, signal: hangUp.signal },
  )
  swapping.catch(() => undefined)
  const work = Array.from({ length: 8 }, (_, n) => [
    upload(`public/swap/a/planted-${n}`, Buffer.from('x')),
    files.copy('public/swap/a', `public/swap/copy-${n}`),
    files.changeMode('public/swap/a', 0o755),
    files.search('public/swap', 'root', 'contents'),
    download('public/swap/a/hostname'),
    pack('public/swap/a', 'tar'),
  ])
  const settled = await Promise.allSettled(work.flat())
  hangUp.abort()
  for (const one of settled)
    if (one.status === 'rejected')
      expect(one.reason.code).toMatch(/^(not_found|forbidden|invalid|conflict|host_failed|timed_out)$/)
  expect((await execIn(agent, 'desk', ['sh', '-c', 'ls /etc | grep planted; cat /etc/hostname'])).stdout).toBe('desk\n')
  expect((await finish('sh', ['-c', 'ls /etc | grep planted'])).stdout).toBe('')
})
