import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { PATIENCE, succeed } from '../helpers/programs.js'
import { makeTempFolder, type TempFolder } from '../helpers/temp-folder.js'

/** A site with 300 MB of files that cannot be made smaller, and a database: what its copy, its backup and its return take, in time and room. */
const MIB = 1024 ** 2
const CONTENT_MIB = 300
const KEY = '6f1c1c1e-0000-4000-8000-000000000001'
const BACKUP = 'largelargela'
const context = { actor: 'test' }
const spec = (id: string, address: number) =>
  specFor(id, address, 'nginx-php-mariadb', { diskBytes: 900 * MIB, memoryBytes: 512 * MIB, cpuMilli: 2000 })

/** Where sites lie: beside the tests, and on a file system that can share blocks. */
describe.each(['as it is', 'xfs'])('on the file system of the host (%s)', (kind) => {
  let folder: TempFolder
  let agent: TestAgent
  let sum: string
  const state = () => join(folder.path, 'state')

  beforeAll(async () => {
    folder = await makeTempFolder('large-site')
    await mkdir(state(), { mode: 0o700 })
    if (kind === 'xfs') {
      const disk = join(folder.path, 'disk')
      await succeed('truncate', ['-s', '8G', disk])
      await succeed('mkfs.xfs', ['-q', '-m', 'reflink=1', disk])
      await succeed('mount', ['-o', 'loop', disk, state()])
    }
    agent = await startAgent((settings) => {
      settings.stateFolder = join(state(), 'agent')
    })
    await agent.engine.create(spec('large', 80), context)
    await agent.engine.start('large', context)
    const fill = `head -c ${CONTENT_MIB * MIB} /dev/urandom >private/content && sync private/content`
    expect(await execIn(agent, 'large', ['sh', '-c', fill], { timeoutMs: 120_000 })).toMatchObject({ code: 0 })
    sum = await sumIn('large')
  })
  afterAll(async () => {
    try {
      await agent?.close()
    } finally {
      if (kind === 'xfs') await succeed('umount', [state()])
      await folder?.remove()
    }
  })

  const sumIn = async (id: string): Promise<string> => {
    const { stdout } = await execIn(agent, id, ['sha256sum', 'private/content'], { timeoutMs: 120_000 })
    return stdout.slice(0, 64)
  }
  const usedMib = async (): Promise<number> => {
    await succeed('sync', ['-f', state()])
    const lines = (await succeed('df', ['-B1', '--output=used', state()])).trim().split('\n')
    return Number(lines[1]) / MIB
  }
  const measure = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    const [used, begin] = [await usedMib(), performance.now()]
    const done = await act()
    const ms = Math.round(performance.now() - begin)
    console.log(`${kind}: ${what}: ${ms} ms, ${Math.round((await usedMib()) - used)} MiB more on the disk`)
    return done
  }

  test('a copy holds the same, and shares what it can', async () => {
    const before = await usedMib()
    await measure('copy', () => agent.engine.copy('large', spec('twin', 81), context))
    const more = (await usedMib()) - before
    if (kind === 'xfs') expect(more).toBeLessThan(CONTENT_MIB / 2)
    await agent.engine.start('twin', context)
    expect(await sumIn('twin')).toBe(sum)
    await agent.engine.destroy('twin', context)
  })

  test('its backup brings it back, in place and as a new site', { timeout: 600_000 * PATIENCE }, async () => {
    const backups = agent.engine.backups(KEY)
    const { sizeBytes, frozenMs } = await measure('backup', () => backups.create('large', BACKUP, context))
    console.log(`${kind}: the archive has ${Math.round(sizeBytes / MIB)} MiB; held still for ${frozenMs} ms`)
    expect(sizeBytes).toBeGreaterThan(CONTENT_MIB * MIB)
    const { proof } = await measure('proof', () => backups.prove('large', BACKUP, context))
    expect(proof).toMatchObject({ proven: true })
    await execIn(agent, 'large', ['rm', 'private/content'])
    await measure('restore in place', () => backups.restore('large', BACKUP, context))
    expect(await sumIn('large')).toBe(sum)
    await measure('restore as a new site', () => backups.restoreAs(spec('other', 82), BACKUP, context))
    await agent.engine.start('other', context)
    expect(await sumIn('other')).toBe(sum)
    await agent.engine.destroy('other', context)
    await backups.remove(BACKUP, context)
    const sites = join(agent.settings.stateFolder, 'sites')
    expect(await readdir(sites)).toEqual(['large'])
    expect((await stat(join(sites, 'large/image'))).nlink).toBe(1)
  })
})
