import { spawn } from 'node:child_process'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planSnapshotArgs } from '../../../src/agent/host/launch-plan.js'
import { succeed, until } from '../../helpers/programs.js'
import { launchProgram, openTestBed, type TestBed, type TestSite } from './test-site.js'

let bed: TestBed
let site: TestSite

beforeAll(async () => {
  bed = await openTestBed()
  site = await bed.startSite(await bed.makeImage('source'))
})
afterAll(() => bed.close())

const copyAt = (name: string) => join(bed.folder, name)

/** Answers once a write of the site has reached its disk, so not while it is held still. */
const write = (text: string) => site.sh(`echo ${text} >> /home/site/written && sync /home/site/written`)

it('BKP-3: copies a running image at one point in time: clean, sparse, and the site goes on', async () => {
  await site.sh('head -c 3000000 /dev/urandom > /home/site/large; dd if=/dev/zero of=/home/site/zeros bs=1M count=8')
  await write('before')
  const snapshot = await bed.launcher.snapshot({
    image: site.plan.image,
    to: copyAt('running'),
    mark: site.mark,
    frozenMs: 2000,
  })
  expect(snapshot.frozenMs).toBeLessThanOrEqual(2000)
  await write('after')
  // No journal to replay: the copy is what a clean unmount would have left.
  await succeed('e2fsck', ['-fn', copyAt('running')])
  expect(await succeed('debugfs', ['-R', 'cat /data/home/written', copyAt('running')])).toBe('before\n')
  const { blocks, size, mode } = await stat(copyAt('running'))
  expect(size).toBe((await stat(site.plan.image)).size)
  expect(blocks * 512).toBeLessThan(14 * 1024 ** 2)
  expect(mode & 0o777).toBe(0o600)
})

it('copies a stopped image, and never over something', async () => {
  const image = await bed.makeImage('idle')
  expect(await bed.launcher.snapshot({ image, to: copyAt('stopped'), frozenMs: 2000 })).toMatchObject({ frozenMs: 0 })
  await succeed('cmp', [image, copyAt('stopped')])
  await expect(bed.launcher.snapshot({ image, to: copyAt('stopped'), frozenMs: 2000 })).rejects.toThrow(/exists/)
})

it('BKP-3: whoever takes too long has copied nothing, and the site was let go in time', async () => {
  const late = bed.launcher.snapshot({ image: site.plan.image, to: copyAt('late'), mark: site.mark, frozenMs: 150 })
  await expect(late).rejects.toMatchObject({ code: 'limit_reached' })
  await write('on')
})

it('BKP-3: a snapshot that is killed while it holds the site lets it go', async () => {
  for (const delayMs of [0, 5, 10, 15, 20, 30]) {
    await rm(copyAt('killed'), { force: true })
    const args = planSnapshotArgs({ image: site.plan.image, to: copyAt('killed'), mark: site.mark, frozenMs: 60_000 })
    const launch = spawn(launchProgram, args, { stdio: 'ignore' })
    const ended = new Promise((resolve) => launch.once('exit', resolve))
    setTimeout(() => launch.kill('SIGKILL'), delayMs)
    await ended
    await until('the site writes again', () => write('alive'))
  }
})

it('the site goes on after a freezing that nobody ended', async () => {
  // What a launcher and its watchdog leave when both are killed at once.
  const folder = `/proc/${site.mark.pid}/root/home/site`
  await succeed('fsfreeze', ['-f', folder])
  await bed.launcher.thaw(site.mark)
  await write('thawed')
  await bed.launcher.thaw(site.mark)
})
