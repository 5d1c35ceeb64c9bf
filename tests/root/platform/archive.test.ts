import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { makeTempFolder } from '../../helpers/temp-folder.js'

/** What is left of a platform is one archive: another machine, which knows nothing of the first, brings the site up from it. */
const open: Platform[] = []
afterAll(async () => {
  for (const platform of open) await platform.close()
})

const visits = (page: string): number => Number(/id="visits">(\d+)</.exec(page)?.[1])

async function startOther(): Promise<Platform> {
  const platform = await startPlatform()
  open.push(platform)
  return platform
}

test.each(['mariadb', 'postgresql'])(
  'BKP-6: a site with %s comes up on another platform from its archive alone',
  async (database) => {
    const folder = await makeTempFolder('archive')
    try {
      const first = await startOther()
      await first.resolve(`shop.${BASE_DOMAIN}`)
      await first.json('create', 'shop', '--server', 'nginx', '--language', 'php', '--database', database)
      await first.ruche('exec', 'shop', '--', 'sh', '-c', 'echo of the first >public/mine.txt')
      let counted = 0
      for (let n = 0; n < 3; n++) counted = visits((await first.curl('--fail', `https://shop.${BASE_DOMAIN}/`)).stdout)
      expect(counted).toBeGreaterThan(0)
      const backup = await first.json<{ id: string; proof: { proven: boolean } }>('backup', 'shop')
      expect(backup.proof, JSON.stringify(backup.proof)).toMatchObject({ proven: true })
      const archive = `${folder.path}/shop.tar`
      const api = `http://localhost/api/sites/shop/backups/${backup.id}/archive`
      const got = await first.network.run(first.network.vm, [
        ...['curl', '-sS', '--fail', '--unix-socket', `${first.root}/run/server.sock`, '-o', archive, api],
      ])
      expect(got.code, got.stderr).toBe(0)
      open.splice(open.indexOf(first), 1)
      await first.close()
      await expect(rm(first.root, { recursive: true })).rejects.toMatchObject({ code: 'ENOENT' })

      const second = await startOther()
      await second.resolve(`again.${BASE_DOMAIN}`)
      await second.json('restore', '--archive', archive, '--as', 'again')
      // Once more than then: the backup itself looked at the page before it was made.
      const page = await second.curl('--fail', `https://again.${BASE_DOMAIN}/`)
      expect(visits(page.stdout), page.stderr).toBe(counted + 2)
      expect((await second.curl('--fail', `https://again.${BASE_DOMAIN}/mine.txt`)).stdout).toBe('of the first\n')
    } finally {
      await folder.remove()
    }
  },
)
