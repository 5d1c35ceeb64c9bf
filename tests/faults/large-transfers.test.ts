import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Platform, startPlatform } from '../helpers/platform.js'
import { succeed } from '../helpers/programs.js'

/** A gigabyte through command line, server and agent into a site and back. */
const MIB = 1024 ** 2
const MOST_GROWTH_KIB = 50 * 1024

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  const limits = ['--cpu', '2', '--memory', '512M', '--disk', '1600M']
  await platform.json('create', 'depot', '--language', 'static', '--database', 'none', ...limits)
})
afterAll(() => platform?.close())

interface Child {
  name: string
  pid: number
}

/** Memory of agent and server: what they hold now, and the most they held since `reset`. */
async function openMeter() {
  const children = JSON.parse(await readFile(join(platform.root, 'run/up/children.json'), 'utf8')) as Child[]
  const pids = ['agent', 'server'].map((name) => children.find((child) => child.name === name)?.pid ?? 0)
  const look = (field: string) =>
    Promise.all(
      pids.map(async (pid) =>
        Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]),
      ),
    )
  return {
    now: () => look('VmRSS'),
    most: () => look('VmHWM'),
    reset: () => Promise.all(pids.map((pid) => writeFile(`/proc/${pid}/clear_refs`, '5'))),
  }
}

test('WEB-8: a gigabyte goes in and comes back the same, and neither agent nor server grow with it', async () => {
  const file = join(platform.root, 'gigabyte')
  await succeed('sh', [
    '-c',
    `openssl enc -aes-128-ctr -pass pass:x -nosalt </dev/zero 2>/dev/null | head -c 1G >${file}`,
  ])
  const sum = (await succeed('sha256sum', [file])).split(' ')[0]
  // The first bytes warm everything up that is loaded once.
  await writeFile(join(platform.root, 'small'), Buffer.alloc(20 * MIB))
  await platform.json('files', 'depot', 'put', join(platform.root, 'small'), 'public/small')
  const meter = await openMeter()
  const measure = async (act: () => Promise<unknown>) => {
    await meter.reset()
    const [before, begin] = [await meter.now(), performance.now()]
    await act()
    const [most, seconds] = [await meter.most(), (performance.now() - begin) / 1000]
    const growth = most.map((kib, n) => kib - (before[n] ?? 0))
    return { growth, said: `${seconds.toFixed(1)} s, agent +${growth[0]} KiB, server +${growth[1]} KiB` }
  }
  const put = await measure(() => platform.json('files', 'depot', 'put', file, 'public/gigabyte'))
  const get = await measure(async () => {
    await platform.json('files', 'depot', 'get', 'public/gigabyte', `${file}.back`)
    expect((await succeed('sha256sum', [`${file}.back`])).split(' ')[0]).toBe(sum)
  })
  console.info(`1 GiB in: ${put.said}; out: ${get.said}`)
  for (const kib of [...put.growth, ...get.growth]) expect(kib).toBeLessThanOrEqual(MOST_GROWTH_KIB)
})
