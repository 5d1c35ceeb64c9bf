import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execIn, specFor, startAgent, statusField, type TestAgent } from '../helpers/agent.js'
import { finish, until } from '../helpers/programs.js'

const MIB = 1024 ** 2
const context = { actor: 'test' }
/** Of the loud site and of its quiet neighbour. */
const LOUD = '10.1.1.60'
const FLOOD_SECONDS = 6

let agent: TestAgent
beforeAll(async () => {
  agent = await startAgent()
  for (const [id, address] of [
    ['loud', 60],
    ['quiet', 61],
  ] as const) {
    await agent.engine.create(specFor(id, address, 'nginx-static-none', { cpuMilli: 2000 }), context)
    await agent.engine.start(id, context)
  }
})
afterAll(() => agent?.close())

async function asOwner(id: string, script: string, input = ''): Promise<string> {
  const argv = ['sh', '-c', `cd && ${script}`]
  const { code, stdout, stderr } = await execIn(agent, id, argv, { stdin: Buffer.from(input) })
  expect(code, stderr).toBe(0)
  return stdout
}

const memoryOfAgent = async (): Promise<number> => Number.parseInt(await statusField(agent.pid(), 'VmRSS'), 10) * 1024

/** Bytes of all files of a folder of the host. */
const sizeOf = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

test('RES-9: a program that prints without end fills neither its disk nor the machine, and its last lines can be read', async () => {
  const said = agent.output().length
  const free = async () => Number(await asOwner('loud', "df --output=avail -B1 . | tail -n 1 | tr -d ' '"))
  const before = await free()
  const flood = `perl -e 'my $line = 0; my $end = time + ${FLOOD_SECONDS}; while (time < $end) { print "flood ", $line++, "\\n" for 1 .. 1000 } $| = 1; print "lines: $line\\n"; sleep 1000'`
  await asOwner('loud', 'cat >Procfile', `flood: ${flood}\n`)
  await agent.engine.stop('loud', context)
  await agent.engine.start('loud', context)
  const lines = await until(
    'it is over',
    async () => {
      const words = await agent.engine.logs('loud', 50)
      return words.map(({ text }) => /lines: (\d+)$/.exec(text)?.[1]).find(Boolean)
    },
    60_000,
  )
  expect(Number(lines)).toBeGreaterThan(100_000)
  // Its logger keeps four files of a megabyte each.
  expect(before - (await free())).toBeLessThan(6 * MIB)
  expect(sizeOf(join(agent.settings.logFolder, 'sites'))).toBeLessThan(3 * MIB)
  expect(agent.output().length - said).toBeLessThan(4096)
  expect((await agent.get(LOUD)).status).toBe(200)
})

test('RES-9: whoever took over the whole of a site and floods its console fills two megabytes and no memory of the agent', async () => {
  const fifo = join(agent.settings.runFolder, 'containers/loud.console')
  const before = await memoryOfAgent()
  const flood = ['-c', `timeout ${FLOOD_SECONDS} yes "$(printf '%01000d' 7)" >"$0"`, fifo]
  let over = false
  const flooding = finish('sh', flood).then((ended) => {
    over = true
    return ended
  })
  let answers = 0
  while (!over) {
    expect(await agent.engine.find('quiet')).toMatchObject({ phase: 'running' })
    await execIn(agent, 'quiet', ['true'])
    answers += 1
  }
  await flooding
  expect(answers).toBeGreaterThan(0)
  const file = join(agent.settings.logFolder, 'sites/loud/console.log')
  // It was heard, and at the pace that is allowed: a quarter of a megabyte in a second, what a pipe holds beside it.
  const heard = sizeOf(join(agent.settings.logFolder, 'sites/loud'))
  expect(heard).toBeGreaterThan(MIB / 2)
  expect(heard).toBeLessThanOrEqual(2 * MIB)
  expect(readFileSync(file, 'utf8')).toContain('0000007\n')
  expect((await memoryOfAgent()) - before).toBeLessThan(48 * MIB)
  await agent.engine.stop('loud', context)
  const { ipv4 } = await agent.engine.start('loud', context)
  expect((await agent.get(ipv4)).status).toBe(200)
})
