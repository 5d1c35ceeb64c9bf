import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planRescueArgs, type StartPlan } from '../../../src/agent/host/launch-plan.js'
import { expectNoLeaks, findLeaks } from '../../helpers/leak-oracle.js'
import { PATIENCE, until } from '../../helpers/programs.js'
import { type Answer, launchProgram, openTestBed, type TestBed } from './test-site.js'

let bed: TestBed

beforeAll(async () => {
  bed = await openTestBed()
})
afterAll(() => bed.close())

async function rescue(image: string, script: string, uid = 0, input = ''): Promise<Answer> {
  const plan = bed.plan(image)
  const answer = await rescueOnce(plan, script, uid, input)
  // Processes and mounts are gone when the launcher is; the loop device is let go by the kernel a little later (seen with Linux 6.12).
  await expectNoLeaks({ folder: image, uidBases: [plan.uidBase] })
  return answer
}

async function rescueOnce(plan: StartPlan, script: string, uid = 0, input = ''): Promise<Answer> {
  const program = bed.launcher.rescue({ ...plan, uid, gid: uid, argv: ['/bin/sh', '-c', script] })
  program.stdin.end(input)
  const [stdout, stderr, code] = await Promise.all([text(program.stdout), text(program.stderr), program.exited])
  return { code, stdout, stderr }
}

it('works on the data of a stopped site, as its user', async () => {
  const image = await bed.makeImage('stopped')
  expect(await rescue(image, 'chown 1000:1000 /home/site')).toMatchObject({ code: 0, stderr: '' })
  expect((await rescue(image, 'cat > /home/site/page', 1000, 'words')).code).toBe(0)
  const site = await bed.startSite(image)
  expect(await site.sh('cat /home/site/page; stat -c %u /home/site/page')).toBe('words1000')
})

it('ISO-7: is confined as a running site is', async () => {
  const image = await bed.makeImage('confined')
  const { stdout } = await rescue(
    image,
    'grep -E "Cap(Eff|Bnd)|Seccomp:|NoNewPrivs" /proc/1/status /proc/self/status',
    1000,
  )
  expect(stdout.match(/\/proc\/1.*:\t00000000000405fb/g)?.length).toBe(2)
  expect(stdout.match(/\/proc\/self.*:\t0000000000000000/g)?.length).toBe(2)
  expect(stdout.match(/Seccomp:\t2/g)?.length).toBe(2)
  expect(stdout.match(/NoNewPrivs:\t1/g)?.length).toBe(2)
  expect((await rescue(image, 'unshare -U true')).stderr).toContain('not permitted')
})

it('ISO-6: has no network, and tells nothing of the host', async () => {
  const image = await bed.makeImage('alone')
  const { stdout } = await rescue(
    image,
    'ls /sys/class/net; cat /proc/1/cmdline; ls -A /run; ls -l /proc/1/exe 2>&1; ls /proc/1/fd 2>&1',
  )
  expect(stdout).not.toContain(bed.folder)
  expect(stdout).toMatch(/^lo\nlaunch\0/)
  expect(stdout.match(/Permission denied/g)?.length).toBe(2)
})

it('ends with the exit code of its command, and everything else with it', async () => {
  const image = await bed.makeImage('ended')
  expect((await rescue(image, 'sleep 1000 & exit 7')).code).toBe(7)
  expect((await rescue(image, 'kill -9 $$')).code).toBe(137)
  expect((await rescue(image, '(sleep 0 &); exec nothing')).code).toBe(127)
  expect((await rescue(image, 'for i in 1 2 3; do (sleep 0 &); done; sleep 0.1; ps -o stat | grep -c Z')).stdout).toBe(
    '0\n',
  )
})

it('passes signals on, and waits', async () => {
  const plan = bed.plan(await bed.makeImage('signalled'))
  const argv = ['/bin/sh', '-c', 'trap "sleep 0.1; exit 3" TERM; echo here; sleep 1000 & wait']
  const child = spawn(launchProgram, planRescueArgs({ ...plan, uid: 0, gid: 0, argv }), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect((await once(child, 'exit'))[0]).toBe(3)
  await expectNoLeaks({ folder: plan.image, uidBases: [plan.uidBase] })
})

it('vanishes when the launcher is killed', async () => {
  const plan = bed.plan(await bed.makeImage('killed'))
  const argv = ['/bin/sh', '-c', 'echo here; sleep 1000 & sleep 1000']
  const child = spawn(launchProgram, planRescueArgs({ ...plan, uid: 0, gid: 0, argv }), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const scope = { folder: plan.image, uidBases: [plan.uidBase] }
  expect(findLeaks(scope).length).toBeGreaterThan(0)
  child.kill('SIGKILL')
  await until('all is gone', async () => findLeaks(scope).length === 0)
})

it(
  'does not touch the image of a running site',
  async () => {
    const image = await bed.makeImage('running')
    const site = await bed.startSite(image)
    expect(await rescueOnce(bed.plan(image), 'true')).toMatchObject({
      code: 125,
      stderr: `launch: image: ${image} is in use\n`,
    })
    await site.end()
  },
  30_000 * PATIENCE,
)
