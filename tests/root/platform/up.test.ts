import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OuterNetwork, openOuterNetwork } from '../../helpers/outer-network.js'
import { endProcess, finish, start, succeed, until } from '../../helpers/programs.js'

const ROOT = '/tmp/ruche-demo-test'
let network: OuterNetwork
type Started = ReturnType<typeof start>
const begun: Started[] = []
beforeAll(async () => {
  network = await openOuterNetwork()
  await rm(ROOT, { recursive: true, force: true })
})
afterAll(async () => {
  for (const { child } of begun) await endProcess(child, 'SIGTERM', 60_000)
  await network?.close()
  await rm(ROOT, { recursive: true, force: true })
})

const inside = (...argv: string[]) => network.run(network.vm, argv)
const ruche = (...words: string[]) => inside(process.execPath, 'bin/ruche', ...words, '--root', ROOT)
const visits = async (family: string) => {
  const page = await inside(
    'curl',
    '-sS',
    '--fail',
    family,
    '--cacert',
    join(ROOT, 'lib/certificates/ca.pem'),
    'https://hello.sites.localhost/',
  )
  expect(page.code, page.stderr).toBe(0)
  return Number(/id="visits">(\d+)</.exec(page.stdout)?.[1])
}

function up(): Started {
  const words = [process.execPath, 'bin/ruche', 'up', '--demo', '--no-background', '--root', ROOT]
  const [program, args] = network.inside(network.vm, words)
  const platform = start(program, args, {
    RUCHE_TEMPLATES_FOLDER: process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates',
  })
  begun.push(platform)
  return platform
}

async function untilLive(platform: Started): Promise<void> {
  await until(
    'the demonstration is live',
    async () => {
      if (platform.child.exitCode !== null) throw new Error(platform.output())
      return platform.output().includes('hello.sites.localhost') && platform.output().includes('ca.pem')
    },
    120_000,
  )
}

test('the demonstration comes up with a live site that counts its visits, ends cleanly, and is found again', async () => {
  const first = up()
  await untilLive(first)
  for (const word of ['alice', 'claire', 'admin', 'https://ruche.localhost']) expect(first.output()).toContain(word)
  const [one, two] = [await visits('-4'), await visits('-6')]
  expect(two).toBe(one + 1)
  await endProcess(first.child, 'SIGINT', 60_000)
  expect(first.child.exitCode, first.output()).toBe(0)
  await expectNothingRuns()

  const second = up()
  await untilLive(second)
  // `ruche up` itself looks whether the site answers.
  expect(await visits('-4')).toBeGreaterThan(two)
  const log = JSON.parse((await ruche('logs', 'hello', '--json')).stdout) as { lines: { text: string }[] }
  expect(log.lines.some(({ text }) => text.includes('Shutdown complete'))).toBe(true)
  await endProcess(second.child, 'SIGTERM', 60_000)
  await expectNothingRuns()
})

test('CRA-10: when `ruche up` itself is killed, its processes end, the sites go on, and the next `ruche up` adopts them', async () => {
  const first = up()
  await untilLive(first)
  const before = JSON.parse((await ruche('show', 'hello', '--json')).stdout) as { pid: number }
  const pid = Number((await readFile(join(ROOT, 'run/up/pid'), 'utf8').catch(() => '')) || first.child.pid)
  process.kill(pid, 'SIGKILL')
  await until('server and agent are gone', async () => (await ruche('status')).code === 9)
  expect(await visits('-4')).toBeGreaterThan(0)
  const second = up()
  await untilLive(second)
  expect(JSON.parse((await ruche('show', 'hello', '--json')).stdout)).toMatchObject({ pid: before.pid, restarts: 0 })
  await endProcess(second.child, 'SIGTERM', 60_000)
  await expectNothingRuns()
})

async function expectNothingRuns(): Promise<void> {
  expect((await succeed('ps', ['-eo', 'args'])).split('\n').filter((line) => line.includes(ROOT))).toEqual([])
  expect(await succeed('losetup', ['-l', '-n', '-O', 'BACK-FILE'])).not.toContain(ROOT)
  expect((await inside('ip', '-o', 'link')).stdout).not.toMatch(/ruche0|\brv\d/)
  expect((await inside('nft', 'list', 'tables')).stdout).not.toContain('ruche')
  expect((await finish('grep', ['-c', ROOT, '/proc/mounts'])).stdout.trim()).toBe('0')
}
