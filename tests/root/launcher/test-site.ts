import { randomInt } from 'node:crypto'
import { openSync } from 'node:fs'
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { StartPlan } from '../../../src/agent/host/launch-plan.js'
import { type Launcher, openLauncher } from '../../../src/agent/host/launcher.js'
import { isAlive } from '../../../src/agent/host/processes.js'
import type { StartedContainer } from '../../../src/agent/host/start-container.js'
import { expectNoLeaks } from '../../helpers/leak-oracle.js'
import { succeed, until } from '../../helpers/programs.js'
import { makeTempFolder } from '../../helpers/temp-folder.js'

export const launchProgram = resolve('dist/launch')

const FIRST_BASE = 1_879_048_192
const IDS_PER_SITE = 65_536

/** An init that waits, and ends at once when it is asked to. */
const INIT =
  '#!/bin/sh\ntrap "exit 0" TERM\n[ -x /home/site/boot ] && /home/site/boot\nwhile :; do sleep 1000 & wait $!; done\n'

export interface Answer {
  code: number
  stdout: string
  stderr: string
}

/** A folder with a small template and images; all that tests start from it ends with `close`, which looks for leaks. */
export interface TestBed {
  folder: string
  launcher: Launcher
  newBase(): number
  makeImage(name: string, options?: { size?: string; mkfs?: string[] }): Promise<string>
  plan(image: string, more?: Partial<StartPlan>): StartPlan
  startSite(image: string, more?: Partial<StartPlan>): Promise<TestSite>
  console(): Promise<string>
  close(): Promise<void>
}

export interface TestSite {
  mark: StartedContainer
  plan: StartPlan
  inside(argv: string[], options?: { uid?: number | undefined; cwd?: string }): Promise<Answer>
  sh(script: string, uid?: number): Promise<string>
  end(): Promise<void>
}

export async function openTestBed(): Promise<TestBed> {
  await succeed('make', ['-s', '-C', resolve('src/agent/launcher'), `OUT=${launchProgram}`])
  const temp = await makeTempFolder('launcher')
  const folder = temp.path
  await makeTemplate(join(folder, 'template'))
  const consoleFile = join(folder, 'console')
  const console = openSync(consoleFile, 'a')
  const launcher = openLauncher(launchProgram)
  const bases: number[] = []
  const sites: TestSite[] = []
  const bed: TestBed = {
    folder,
    launcher,
    newBase: () => {
      const free = (base: number): boolean => !bases.includes(base)
      const base = Array.from({ length: 1_000 }, () => FIRST_BASE + IDS_PER_SITE * randomInt(3_000, 4_096)).find(free)
      if (base === undefined) throw new Error('no base left')
      bases.push(base)
      return base
    },
    makeImage: (name, options = {}) => makeImage(folder, name, options),
    plan: (image, more = {}) => ({
      cgroupProcs: [],
      templateTree: join(folder, 'template'),
      image,
      uidBase: more.uidBase ?? bed.newBase(),
      data: [
        { folder: 'home', at: '/home/site' },
        { folder: 'log', at: '/var/log' },
      ],
      hostname: 'hello',
      argv: ['/sbin/init'],
      settings: {},
      console,
      ...more,
    }),
    startSite: async (image, more) => {
      const site = await startSite(launcher, bed.plan(image, more))
      sites.push(site)
      return site
    },
    console: () => readFile(consoleFile, 'utf8'),
    close: async () => {
      try {
        for (const site of sites) await site.end()
        await expectNoLeaks({ folder, uidBases: bases, cgroupWord: 'ruche-launcher-test' })
      } finally {
        await temp.remove()
      }
    },
  }
  return bed
}

async function startSite(launcher: Launcher, plan: StartPlan): Promise<TestSite> {
  const mark = await launcher.startContainer(plan)
  await mark.openGate()
  const inside: TestSite['inside'] = async (argv, { uid = 0, ...options } = {}) => {
    const program = launcher.enter({ ...mark, cgroupProcs: plan.cgroupProcs, uid, gid: uid, argv, ...options })
    program.stdin.end()
    const [stdout, stderr, code] = await Promise.all([text(program.stdout), text(program.stderr), program.exited])
    return { code, stdout, stderr }
  }
  return {
    mark,
    plan,
    inside,
    sh: async (script, uid) => {
      const { code, stdout, stderr } = await inside(['/bin/sh', '-c', script], { uid })
      if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`)
      return stdout.trim()
    },
    end: async () => {
      await launcher.signal(mark, 'SIGKILL')
      await until('the container ends', async () => !isAlive(mark))
    },
  }
}

/** Debian's static busybox under all its names, and the probe, a small C program that tries what a site may not do. */
async function makeTemplate(tree: string): Promise<void> {
  const folders = ['bin', 'sbin', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp', 'root', 'home/site', 'var/log', 'var/lib']
  for (const name of folders) await mkdir(join(tree, name), { recursive: true })
  await copyFile('/bin/busybox', join(tree, 'bin/busybox'))
  const names = (await succeed('/bin/busybox', ['--list'])).trim().split('\n')
  for (const name of names.filter((name) => name !== 'busybox')) await symlink('busybox', join(tree, 'bin', name))
  await writeFile(join(tree, 'sbin/init'), INIT, { mode: 0o755 })
  const source = resolve('tests/root/launcher/probe.c')
  await succeed('gcc', ['-O1', '-static', '-Wall', '-Werror', '-o', join(tree, 'bin/probe'), source])
  for (const name of ['capable', 'setuid']) await copyFile(join(tree, 'bin/probe'), join(tree, 'bin', name))
}

async function makeImage(folder: string, name: string, options: { size?: string; mkfs?: string[] }): Promise<string> {
  const image = join(folder, name)
  const seed = join(folder, 'seed')
  await mkdir(join(seed, 'data'), { recursive: true })
  await mkdir(join(seed, 'layer'), { recursive: true })
  await succeed('mkfs.ext4', ['-q', '-F', '-d', seed, ...(options.mkfs ?? []), image, options.size ?? '32M'])
  return image
}
