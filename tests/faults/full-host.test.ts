import { copyFile, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectNoLeaks } from '../helpers/leak-oracle.js'
import { BASE_DOMAIN, PANEL, type Platform, startPlatform } from '../helpers/platform.js'
import { finish, succeed, until } from '../helpers/programs.js'

const MIB = 1024 ** 2
const NAMES = ['shop', 'blog', 'wiki']

let platform: Platform
/** Beside the small disk: its file, and copies of images. */
let folder = ''

/** A platform whose root is a file system of its own, without a reserve for root. */
async function startOnSmallDisk(...format: string[]): Promise<void> {
  folder = await mkdtemp('/tmp/ruche-small-')
  platform = await startPlatform('', async (root) => {
    const disk = join(folder, 'disk')
    await succeed('truncate', ['-s', String(1200 * MIB), disk])
    await succeed('mkfs.ext4', ['-q', '-F', '-m', '0', ...format, disk])
    await succeed('mount', ['-o', 'loop', disk, root])
  })
}

async function closeSmallDisk(): Promise<void> {
  const { cgroup } = await platform.agentSettings()
  await platform.close().catch(() => undefined)
  await succeed('umount', [platform.root])
  await rm(platform.root, { recursive: true })
  await rm(folder, { recursive: true })
  await expectNoLeaks({ folder: platform.root, uidBases: [], cgroupWord: cgroup })
  await expectNoLeaks({ folder, uidBases: [] })
}

async function makeSites(): Promise<void> {
  for (const name of NAMES) {
    await platform.json('create', name, '--language', 'static', '--database', 'none', '--disk', '96M')
    await put(name, 'before', 'what was there before')
  }
}

const put = (name: string, file: string, text: string) =>
  platform.ruche('exec', name, '--', 'sh', '-c', 'printf %s "$2" >"public/$1" && sync "public/$1"', 'sh', file, text)

/** The administrator at the pages: signs in anew and does one thing. */
async function atPanel(method: string, path: string): Promise<{ status: number; text: string }> {
  const jar = join(folder, 'cookies')
  await rm(jar, { force: true })
  const headers = ['-H', `Origin: https://${PANEL}`, '-H', 'Content-Type: application/json', '-b', jar, '-c', jar]
  const ask = async (...words: string[]) => {
    const { stdout, stderr } = await platform.curl('-w', '\n%{http_code}', ...headers, ...words)
    const cut = stdout.lastIndexOf('\n')
    return { status: Number(stdout.slice(cut + 1)), text: stdout.slice(0, cut) || stderr }
  }
  const person = JSON.stringify({ login: 'admin', password: 'admin-pass' })
  const signedIn = await ask('--data-binary', person, `https://${PANEL}/api/session`)
  expect(signedIn.status, signedIn.text).toBe(200)
  const { csrfToken } = JSON.parse(signedIn.text) as { csrfToken: string }
  return ask(
    '-X',
    method,
    '-H',
    `X-CSRF-Token: ${csrfToken}`,
    ...(method === 'POST' ? ['-d', '{}'] : []),
    `https://${PANEL}${path}`,
  )
}

/** One administrator does all that must be possible on a machine that is full: at the pages, then at the command line. */
async function operate(): Promise<void> {
  const list = await atPanel('GET', '/api/sites?all=true')
  expect(list.status, list.text).toBe(200)
  expect((JSON.parse(list.text) as { sites: { name: string }[] }).sites.map(({ name }) => name).sort()).toEqual(
    [...NAMES].sort(),
  )
  const stopped = await atPanel('POST', '/api/sites/shop/stop')
  expect(stopped.status, stopped.text).toBe(200)
  await until('it is stopped', async () => (await stateOf('shop')) === 'stopped', 60_000)
  expect((await platform.json<{ sites: unknown[] }>('list')).sites).toHaveLength(NAMES.length)
  const { code, stderr } = await platform.ruche('stop', 'blog')
  expect(code, stderr).toBe(0)
  const refused = await platform.ruche('create', 'more', '--language', 'static', '--database', 'none')
  expect(refused.code).not.toBe(0)
  const destroyed = await atPanel('DELETE', '/api/sites/wiki')
  expect(destroyed.status, destroyed.text).toBe(200)
  await until('it is gone', async () => (await platform.ruche('show', 'wiki')).code === 3, 60_000)
}

/** Politely, so that it lets go of all that it has, and finds a disk that has nothing for it when it comes back. */
async function restartServer(): Promise<void> {
  const settings = join(platform.root, 'run/server.json')
  const { stdout } = await finish('ps', ['-eo', 'pid,args'])
  const line = stdout.split('\n').find((text) => text.includes(settings) && !text.includes('setpriv'))
  const pid = Number(line?.trim().split(/\s+/)[0])
  process.kill(pid, 'SIGTERM')
  await until('it has ended', async () => (await finish('ps', ['-p', String(pid)])).code !== 0)
  await fill(join(platform.root, 'filler'))
  await until('it answers', async () => (await platform.ruche('status')).code === 0, 60_000)
}

const stateOf = async (name: string) => (await platform.json<{ state: string }>('show', name)).state

/** Until not one block can be had: what is promised to a file is counted before it is written, so it takes several goes. */
async function fill(path: string): Promise<void> {
  await until('the disk is full', async () => {
    for (const size of ['64k', '4k'])
      await finish('dd', ['if=/dev/zero', `of=${path}`, `bs=${size}`, 'oflag=append', 'conv=notrunc,fsync'])
    return (await finish('dd', ['if=/dev/zero', `of=${path}-last`, 'bs=4k', 'count=1', 'conv=fsync'])).code !== 0
  })
}

/** Nothing of what was there is damaged: images after at most their journal's replay, what was in them, the register. */
async function expectUndamaged(): Promise<void> {
  for (const name of ['shop', 'blog']) {
    const copy = join(folder, name)
    await copyFile(join(platform.root, 'lib/agent/sites', name, 'image'), copy)
    await finish('e2fsck', ['-p', copy])
    const { code, stdout } = await finish('e2fsck', ['-fn', copy])
    expect(code, stdout).toBe(0)
    expect(await succeed('debugfs', ['-R', 'cat /data/home/public/before', copy])).toBe('what was there before')
  }
  const { stdout } = await finish(process.execPath, [
    '-e',
    "const { DatabaseSync } = require('@photostructure/sqlite'); const db = new DatabaseSync(process.argv[1]); console.log(JSON.stringify(db.prepare('pragma integrity_check').all()))",
    join(platform.root, 'lib/register/register.db'),
  ])
  expect(JSON.parse(stdout)).toEqual([{ integrity_check: 'ok' }])
}

describe('on a disk that is full to its last byte', () => {
  beforeEach(async () => {
    await startOnSmallDisk()
    await makeSites()
  })
  afterEach(closeSmallDisk)

  it('RES-4: the administrator signs in, lists, stops and destroys; no image and no register is damaged; all goes on when there is room', async () => {
    await fill(join(platform.root, 'filler'))
    // The sites press on meanwhile: what was promised to them is not there any more.
    for (const name of NAMES)
      await platform.ruche('exec', name, '--timeout', '20', '--', 'sh', '-c', 'head -c 40M /dev/zero >more; sync')
    await restartServer()
    await operate()
    await expectUndamaged()
    for (const name of ['filler', 'filler-last']) await rm(join(platform.root, name), { force: true })
    await platform.json('start', 'shop')
    expect((await put('shop', 'after', 'room again')).code).toBe(0)
  })
})

describe('on a disk without inodes', () => {
  beforeEach(async () => {
    await startOnSmallDisk('-N', '2048')
    await makeSites()
  })
  afterEach(closeSmallDisk)

  it('RES-4: the same', async () => {
    const many = join(platform.root, 'many')
    await finish('mkdir', [many])
    const { ffree } = await statfs(platform.root)
    for (let n = 0; n < ffree; n++) await writeFile(join(many, String(n)), '')
    expect((await statfs(platform.root)).ffree).toBe(0)
    await operate()
    await expectUndamaged()
    for (const name of await readdir(many)) await rm(join(many, name))
    await platform.json('start', 'shop')
    expect(await stateOf('shop')).toBe('running')
    await platform.resolve(`shop.${BASE_DOMAIN}`)
    expect((await platform.curl('--fail', `https://shop.${BASE_DOMAIN}/before`)).stdout).toBe('what was there before')
  })
})
