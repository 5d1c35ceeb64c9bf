import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { finish, until } from '../../helpers/programs.js'

const HOST = `shop.${BASE_DOMAIN}`
let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(HOST)
  await platform.json('create', 'shop', '--language', 'php', '--database', 'none')
})
afterAll(() => platform?.close())

interface Shown {
  pid: number
  state: string
  restarts: number
  started_at: string
}
const show = () => platform.json<Shown>('show', 'shop')
const answers = async () => (await platform.curl('--fail', '-o', '/dev/null', `https://${HOST}/`)).code === 0

/** Pid of our root process or of the server of this platform, by its settings file. */
async function pidOf(settings: string): Promise<number> {
  const { stdout } = await finish('ps', ['-eo', 'pid,args'])
  const wanted = join(platform.root, 'run', settings)
  const line = stdout
    .split('\n')
    .find((text) => text.includes(wanted) && /\bnode\b/.test(text) && !text.includes('setpriv'))
  return Number(line?.trim().split(/\s+/)[0])
}

test.each(['agent.json', 'server.json'])(
  'after kill -9 of the one with %s the site keeps serving and is adopted, not restarted',
  async (settings) => {
    const before = await show()
    const old = await until('it is there', async () => (await pidOf(settings)) || undefined)
    process.kill(old, 'SIGKILL')
    expect(await answers()).toBe(true)
    await until('it is back', async () => {
      const now = await pidOf(settings)
      return now > 0 && now !== old
    })
    const after = await until('it answers', async () => {
      const shown = await show().catch(() => undefined)
      return shown?.state === 'running' ? shown : undefined
    })
    expect(after).toMatchObject({ pid: before.pid, started_at: before.started_at, restarts: before.restarts })
    expect(await answers()).toBe(true)
  },
)

test('after kill -9 of its init the container is brought back, and the front proxy leads to it', async () => {
  const before = await show()
  process.kill(before.pid, 'SIGKILL')
  const after = await until('it is back', async () => {
    const shown = await show()
    return shown.state === 'running' && shown.pid !== before.pid ? shown : undefined
  })
  expect(after.restarts).toBe(before.restarts + 1)
  await until('it answers', answers)
})

test('a service that is killed inside is started again', async () => {
  await platform.ruche(
    'exec',
    'shop',
    '--',
    'perl',
    '-e',
    'kill 9, grep { readlink("/proc/$_/exe") =~ /php-fpm/ } map { m{(\\d+)} } glob "/proc/[0-9]*"',
  )
  await until('it answers', answers)
})

test('after a stop and a start of the platform the site is there again, and its own log says nothing of violence', async () => {
  await platform.stop()
  await platform.start()
  await until('it answers', answers)
  const log = await readFile(join(platform.root, 'log/agent.log'), 'utf8')
  expect(log).not.toMatch(/unhandled|TypeError|ReferenceError/i)
})
