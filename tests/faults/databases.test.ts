import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ContainerSpec } from '../../src/model/container.js'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { until } from '../helpers/programs.js'

/** A site's own database: its password, and its share of the site's memory. */
const context = { actor: 'test' }
const MIB = 1024 ** 2
const ID = 'rows'

let agent: TestAgent
beforeAll(async () => {
  agent = await startAgent()
})
afterAll(() => agent?.close())
afterEach(() => agent.engine.destroy(ID, context))

/** How the site's own user asks its database, with a password in the environment. */
const ASK: Record<string, { query: string; memory: string; share: (memoryMib: number) => number }> = {
  mariadb: {
    query: 'MYSQL_PWD="$1" mariadb -h 127.0.0.1 -u site -BN -e "$2" site',
    memory: 'SELECT @@innodb_buffer_pool_size DIV 1048576',
    share: (memoryMib) => memoryMib / 8,
  },
  postgresql: {
    query: 'PGPASSWORD="$1" psql -h 127.0.0.1 -U site -X -A -t -c "$2" site',
    memory: `SELECT pg_size_bytes(current_setting('shared_buffers')) / 1048576`,
    share: (memoryMib) => memoryMib / 8,
  },
}

const shell = (script: string, ...words: string[]) => execIn(agent, ID, ['sh', '-c', script, 'sh', ...words])

async function expectPassword(database: string, password: string, old: string): Promise<void> {
  const { query = '' } = ASK[database] ?? {}
  const given = await shell('printf %s "$DATABASE_PASSWORD"')
  expect(given.stdout).toBe(password)
  await until('the file says the same', async () => {
    const { stdout } = await shell('cat /home/site/private/database.env')
    return stdout.includes(`DATABASE_PASSWORD=${password}\n`) && stdout.includes(`:${password}@`)
  })
  expect((await shell(query, password, 'SELECT 42')).stdout.trim()).toBe('42')
  expect((await shell(query, old, 'SELECT 42')).code).not.toBe(0)
}

const withPassword = (spec: ContainerSpec, databasePassword: string): ContainerSpec => ({
  ...spec,
  settings: { ...spec.settings, databasePassword },
})

test.each(Object.keys(ASK))(
  'a new password of %s is in force everywhere at once, whether the site runs or not',
  async (database) => {
    const spec = specFor(ID, 14, `nginx-php-${database}`, { cpuMilli: 2000 })
    const [first, second, third] = [spec.settings.databasePassword, 'SecondPassword22', 'ThirdPassword3333']
    await agent.engine.create(spec, context)
    const { ipv4 } = await agent.engine.start(ID, context)
    const counts = async () => /<output id="visits">(\d+)</.exec((await agent.get(ipv4)).text)?.[1]
    expect(await counts()).toBe('1')
    await agent.engine.update(withPassword(spec, second), context)
    await expectPassword(database, second, first)
    await until('the code has it too', async () => (await counts()) !== undefined)
    await agent.engine.stop(ID, context)
    await agent.engine.update(withPassword(spec, third), context)
    await agent.engine.start(ID, context)
    await expectPassword(database, third, second)
    expect(Number(await counts())).toBeGreaterThan(2)
  },
)

test.each(Object.keys(ASK))(
  '%s and PHP take what fits into the memory of the site, also when that is changed',
  async (database) => {
    const { query = '', memory = '', share = () => 0 } = ASK[database] ?? {}
    const sized = (memoryMib: number) =>
      specFor(ID, 14, `nginx-php-${database}`, { cpuMilli: 2000, memoryBytes: memoryMib * MIB })
    const expectShare = async (memoryMib: number) => {
      const { databasePassword } = sized(memoryMib).settings
      expect(Number((await shell(query, databasePassword, memory)).stdout)).toBe(share(memoryMib))
      const { stdout } = await shell('cat /run/php/pool.conf')
      expect(stdout).toContain(`pm.max_children = ${Math.floor(Math.floor((memoryMib * 2) / 3) / 32)}\n`)
    }
    await agent.engine.create(sized(256), context)
    await agent.engine.start(ID, context)
    await expectShare(256)
    await agent.engine.update(sized(768), context)
    await agent.engine.stop(ID, context)
    await agent.engine.start(ID, context)
    await expectShare(768)
  },
)
