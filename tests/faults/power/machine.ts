import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startAgent, type TestAgent } from '../../helpers/agent.js'
import { type BrainProcess, makeBrainProcess, prepareForServer } from '../../helpers/brain-process.js'
import { finish, succeed, until } from '../../helpers/programs.js'

const MIB = 1024 ** 2

/**
 * An agent and a server whose whole state lies on a disk of its own, a file on another small disk. That one can be stood still: what is in the file then is
 * what the file system above has written back, and nothing of what it still holds in memory. As after a power cut.
 */
export interface Machine {
  agent: TestAgent
  brain: BrainProcess
  /** Where the disks are. */
  folder: string
  /** The disk in use is `disk-N`. */
  disks: number
}

const below = ({ folder }: Machine) => join(folder, 'below')
const diskOf = (machine: Machine) => join(below(machine), `disk-${machine.disks}`)
const libOf = ({ agent }: Machine) => join(agent.root, 'lib')

async function makeDisk(path: string, sizeBytes: number): Promise<void> {
  await succeed('truncate', ['-s', String(sizeBytes), path])
  await succeed('mkfs.ext4', ['-q', '-F', '-m', '0', path])
}

export async function openMachine(): Promise<Machine> {
  const folder = await mkdtemp('/tmp/ruche-power-')
  await mkdir(join(folder, 'below'))
  await makeDisk(join(folder, 'image'), 4096 * MIB)
  await succeed('mount', ['-o', 'loop', join(folder, 'image'), join(folder, 'below')])
  await makeDisk(join(folder, 'below/disk-0'), 2048 * MIB)
  const agent = await startAgent(undefined, async (settings, root) => {
    settings.diskReserveBytes = 64 * MIB
    await prepareForServer(settings, root)
    await rename(join(root, 'lib'), join(root, 'lib-before'))
    await mkdir(join(root, 'lib'))
    await succeed('mount', ['-o', 'loop', join(folder, 'below/disk-0'), join(root, 'lib')])
    await succeed('cp', ['-a', `${join(root, 'lib-before')}/.`, join(root, 'lib')])
  })
  const brain = await makeBrainProcess(agent.root, agent.space, {})
  return { agent, brain, folder, disks: 0 }
}

/** Everything ends at once, and starts again on what was on the disk. */
export async function cutPower(machine: Machine): Promise<void> {
  const { agent, brain } = machine
  const lost = diskOf(machine)
  machine.disks += 1
  await succeed('fsfreeze', ['--freeze', below(machine)])
  try {
    // Elsewhere: the disk below stands still.
    await succeed('cp', ['--sparse=always', lost, join(machine.folder, 'saved')])
  } finally {
    await succeed('fsfreeze', ['--unfreeze', below(machine)])
  }
  await endAll(machine)
  await until('the old disk is free', async () => (await finish('umount', [libOf(machine)])).code === 0)
  await rm(lost)
  await succeed('mv', [join(machine.folder, 'saved'), diskOf(machine)])
  await succeed('mount', ['-o', 'loop', diskOf(machine), libOf(machine)])
  await forgetRun(machine)
  await succeed('ip', ['netns', 'delete', agent.space])
  await succeed('ip', ['netns', 'add', agent.space])
  await succeed('ip', ['-n', agent.space, 'link', 'set', 'lo', 'up'])
  await agent.start()
  await brain.start()
}

async function endAll({ agent, brain }: Machine): Promise<void> {
  await Promise.all([agent.end('SIGKILL'), brain.end('SIGKILL')])
  const { stdout } = await finish('find', [
    ...['/sys/fs/cgroup', '-path', `*/${agent.settings.cgroup}/*`, '-name', 'cgroup.procs'],
  ])
  const groups = stdout.split('\n').filter(Boolean)
  await until('nothing lives', async () => {
    const pids = (await Promise.all(groups.map((path) => readFile(path, 'utf8').catch(() => '')))).join('\n')
    const living = [...new Set(pids.split('\n').filter(Boolean))]
    for (const pid of living) process.kill(Number(pid), 'SIGKILL')
    return living.length === 0
  })
}

/** What a boot finds empty. */
async function forgetRun({ agent }: Machine): Promise<void> {
  const run = join(agent.root, 'run')
  for (const name of await readdir(run)) if (name !== 'proxy') await rm(join(run, name), { recursive: true })
}

export async function closeMachine(machine: Machine): Promise<void> {
  const { agent, brain, folder } = machine
  await brain.end('SIGTERM')
  // It cannot take the folder of a mounted disk away.
  await agent.close().catch((error: Error) => {
    if (!/EBUSY/.test(error.message)) throw error
  })
  await until('the disk is free', async () => (await finish('umount', [libOf(machine)])).code === 0)
  // Lazily: another program's mount namespace, made meanwhile, may hold the disk above for as long as that program runs.
  await succeed('umount', ['--lazy', below(machine)])
  for (const path of [agent.root, folder]) await rm(path, { recursive: true })
}
