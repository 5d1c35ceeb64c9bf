import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VM_IPV4 } from '../helpers/outer-network.js'
import { BASE, type Lab, openLab } from '../root/proxy/lab/lab.js'
import { openTls, talk } from '../root/proxy/lab/raw-visit.js'

const GIGABYTE = 1024 ** 3
const MIB = 1024 ** 2
const host = (name: string) => `${name}.${BASE}`
let lab: Lab
let folder: string
beforeAll(async () => {
  lab = await openLab(['file', 'poll', 'stream'].map(host))
  folder = await mkdtemp('/tmp/ruche-protocols-')
  await lab.startPanel()
  for (const [index, name] of ['file', 'poll', 'stream'].entries()) await lab.listen(name, `10.1.1.${index + 2}`, name)
  await lab.apply(
    ['file', 'poll', 'stream'].map((name, index) => ({ name, ipv4: `10.1.1.${index + 2}`, domains: [host(name)] })),
  )
})
afterAll(async () => {
  await lab?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Memory of nginx and its workers that is its own, and what it has on disk beside its log. */
async function usage(): Promise<{ memoryBytes: number; diskBytes: number }> {
  const master = lab.nginx()?.pid ?? 0
  const children = await readFile(`/proc/${master}/task/${master}/children`, 'utf8')
  let kilobytes = 0
  for (const pid of [master, ...children.split(' ').filter(Boolean)]) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kilobytes += Number(/^Private_Dirty:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
  }
  const run = join(lab.root, 'run/proxy')
  const files = await readdir(run, { recursive: true })
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(run, file)).catch(() => undefined))?.size ?? 0),
  )
  return { memoryBytes: kilobytes * 1024, diskBytes: sizes.reduce((sum, size) => sum + size, 0) }
}

/** The most that nginx used while `work` ran. */
async function watch<T>(work: Promise<T>): Promise<{ result: T; grownBytes: number; diskBytes: number }> {
  const before = await usage()
  expect(before.memoryBytes).toBeGreaterThan(0)
  let [most, disk, running] = [before.memoryBytes, 0, true]
  const ended = work.finally(() => {
    running = false
  })
  while (running) {
    const now = await usage()
    most = Math.max(most, now.memoryBytes)
    disk = Math.max(disk, now.diskBytes)
    await Promise.race([ended.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 200))])
  }
  return { result: await ended, grownBytes: most - before.memoryBytes, diskBytes: disk }
}

const curl = (...args: string[]) =>
  lab.network.run(lab.network.visitor, ['curl', '-sS', '--max-time', '560', '--cacert', lab.caFile, ...args])

test.each(['--http1.1', '--http2'])(
  '1 GB comes down by %s without staying anywhere',
  async (protocol) => {
    const download = curl(
      protocol,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{size_download}',
      `https://${host('file')}/big`,
    )
    const { result, grownBytes, diskBytes } = await watch(download)
    console.info(
      `download by ${protocol}: memory +${(grownBytes / MIB).toFixed(1)} MiB, disk ${(diskBytes / MIB).toFixed(1)} MiB`,
    )
    expect(result.stdout).toBe(`200 ${GIGABYTE}`)
    expect(grownBytes).toBeLessThan(16 * MIB)
    expect(diskBytes).toBeLessThan(MIB)
  },
  200_000,
)

test.each(['--http1.1'])(
  '1 GB goes up by %s without staying anywhere',
  async (protocol) => {
    const script = `head -c ${GIGABYTE} /dev/zero | curl -sS --max-time 560 --cacert "$1" ${protocol} -T - "$2"`
    const upload = lab.network.run(lab.network.visitor, [
      'bash',
      '-c',
      script,
      'bash',
      lab.caFile,
      `https://${host('file')}/up`,
    ])
    const { result, grownBytes, diskBytes } = await watch(upload)
    console.info(
      `upload by ${protocol}: memory +${(grownBytes / MIB).toFixed(1)} MiB, disk ${(diskBytes / MIB).toFixed(1)} MiB`,
    )
    expect(result.stdout).toBe(`got ${GIGABYTE}`)
    expect(grownBytes).toBeLessThan(16 * MIB)
    expect(diskBytes).toBeLessThan(MIB)
  },
  200_000,
)

test('a part is a part', async () => {
  const { stdout } = await curl('-i', '-r', '1000000000-1000000009', `https://${host('file')}/big`)
  expect(stdout).toMatch(/^HTTP\/2 206/)
  expect(stdout).toMatch(/^content-range: bytes 1000000000-1000000009\/1073741824\r?$/im)
})

test.each([[], ['-H', 'Accept: text/event-stream']])(
  'events come one by one, as they are made (%j)',
  async (...args) => {
    const tls = await openTls(await lab.connect({ host: VM_IPV4, port: 443 }), host('stream'))
    const accept = args.length > 0 ? 'Accept: text/event-stream\r\n' : ''
    const first = await talk(tls, `GET / HTTP/1.1\r\nHost: ${host('stream')}\r\n${accept}\r\n`, 500)
    expect(first).toContain('data: first')
    expect(first).not.toContain('data: last')
  },
)

test('a poll may wait for its news, and one that asks for events waits longer than a page may', async () => {
  await lab.open({ limits: { siteTimeoutMs: 1500 } })
  const sites = ['file', 'poll', 'stream'].map((name, index) => ({
    name,
    ipv4: `10.1.1.${index + 2}`,
    domains: [host(name)],
  }))
  await lab.apply(sites)
  expect((await curl(`https://${host('poll')}/500`)).stdout).toBe('news after 500')
  const late = await lab.curl(`https://${host('poll')}/4000`)
  expect(late.status).toBe(503)
  expect((await curl('-H', 'Accept: text/event-stream', `https://${host('poll')}/4000`)).stdout).toBe('news after 4000')
})

test('nginx had nothing to complain about', () => {
  expect(lab.proxyOutput()).toBe('')
})
