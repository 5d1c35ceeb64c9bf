import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ContainerStatus } from '../../../src/model/container.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'

const GIB = 1024 ** 3
const context = { actor: 'test' }
let agent: TestAgent

beforeAll(async () => {
  agent = await startAgent()
  const spec = specFor('source', 30, 'nginx-php-mariadb', { diskBytes: GIB / 2 })
  await agent.engine.create(spec, context)
  await agent.engine.start('source', context)
  await sql('source', 'CREATE TABLE words (word TEXT); INSERT INTO words VALUES ("kept")')
  await agent.engine
    .files('source', 'test')
    .save('public/index.php', null, Buffer.from('v1'))
    .catch(() => undefined)
})
afterAll(() => agent?.close())

const sql = async (id: string, statement: string): Promise<string> => {
  const script = 'echo "$1" | mariadb --user="$DATABASE_USER" --password="$DATABASE_PASSWORD" -N "$DATABASE_NAME"'
  const { code, stdout, stderr } = await execIn(agent, id, ['sh', '-c', script, 'sh', statement])
  if (code !== 0) throw new Error(stderr)
  return stdout.trim()
}
/** Who comes by SSH sees it, and waits until it is made. */
const hostKey = async (id: string): Promise<string> => {
  await execIn(agent, id, ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/22; head -c 8 <&3'])
  const pid = (await agent.engine.find(id))?.pid ?? 0
  return readFileSync(`/proc/${pid}/root/etc/ssh/site/ssh_host_ed25519_key.pub`, 'utf8')
}
const copySpec = (id: string, address: number) => specFor(id, address, 'nginx-php-mariadb', { diskBytes: GIB / 2 })

test('BKP-3: a copy of a running site has its files and its database, and an identity of its own', async () => {
  const before = (await agent.engine.find('source')) as ContainerStatus
  const steps: string[] = []
  const note = ({ step }: { step: string }) => steps.push(step)
  const made = await agent.engine.copy('source', copySpec('twin', 31), { ...context, note })
  expect(made).toMatchObject({ id: 'twin', phase: 'stopped', template: before.template })
  expect([...new Set(steps)]).toEqual(['template', 'image', 'snapshot', 'identity'])
  await agent.engine.start('twin', context)
  expect(await sql('twin', 'SELECT word FROM words')).toBe('kept')
  expect(await hostKey('twin')).not.toBe(await hostKey('source'))
  expect(made.uidBase).not.toBe(before.uidBase)
  // Each goes its own way, and the original was not touched.
  await sql('twin', 'INSERT INTO words VALUES ("other")')
  expect(await sql('source', 'SELECT COUNT(*) FROM words')).toBe('1')
  expect(await agent.engine.find('source')).toMatchObject({ pid: before.pid, restarts: 0 })
  // The same copy again is no change.
  expect(await agent.engine.copy('source', copySpec('twin', 31), context)).toMatchObject({ phase: 'running' })
})

test('a copy of a stopped site, and two at once that name each other', async () => {
  await agent.engine.stop('source', context)
  const outcomes = await Promise.allSettled([
    agent.engine.copy('source', copySpec('third', 32), context),
    agent.engine.copy('third', copySpec('source', 30), context),
  ])
  expect(outcomes[0]?.status).toBe('fulfilled')
  await agent.engine.start('third', context)
  expect(await sql('third', 'SELECT word FROM words')).toBe('kept')
})

test('refuses another stack, a smaller disk, a taken name, and leaves nothing', async () => {
  const copy = (spec: ReturnType<typeof specFor>, from = 'source') => agent.engine.copy(from, spec, context)
  await expect(copy(specFor('fourth', 34, 'nginx-static-none'))).rejects.toMatchObject({ code: 'invalid' })
  await expect(copy(specFor('fourth', 34, 'nginx-php-mariadb'))).rejects.toMatchObject({ code: 'invalid' })
  await expect(copy(copySpec('fourth', 30))).rejects.toMatchObject({ code: 'conflict' })
  await expect(copy(copySpec('source', 30))).rejects.toMatchObject({ code: 'invalid' })
  await expect(copy(copySpec('fourth', 34), 'nobody')).rejects.toMatchObject({ code: 'not_found' })
  expect(await agent.engine.find('fourth')).toBeUndefined()
  const left = await import('node:fs/promises').then(({ readdir }) =>
    readdir(join(agent.settings.stateFolder, 'sites')),
  )
  expect(left.filter((name) => name.startsWith('.'))).toEqual([])
})
