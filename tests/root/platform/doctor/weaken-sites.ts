import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCgroups } from '../../../../src/agent/host/cgroups.js'
import type { Platform } from '../../../helpers/platform.js'
import { endProcess, succeed, until } from '../../../helpers/programs.js'
import type { Weakening } from './examination.js'

async function findInit({ root }: Platform): Promise<number> {
  return JSON.parse(await readFile(join(root, 'run/containers/shop.json'), 'utf8')).pid
}

async function cgroupsOf({ root }: Platform) {
  const { cgroup } = JSON.parse(await readFile(join(root, 'run/agent.json'), 'utf8'))
  return openCgroups(cgroup)
}

async function limitFile(platform: Platform): Promise<string> {
  const [file] = (await cgroupsOf(platform))
    .procsFiles('shop')
    .filter((path) => path.includes('pids') || path.split('/').length === 6)
  return (file ?? '').replace('cgroup.procs', 'pids.max')
}

export const weakenSites: Weakening[] = [
  {
    name: 'a limit of a site lifted',
    ids: ['sites.limits'],
    weaken: async (platform) => {
      const path = await limitFile(platform)
      const before = readFileSync(path, 'utf8')
      writeFileSync(path, 'max')
      return async () => writeFileSync(path, before)
    },
  },
  {
    name: 'a process let into a site without being confined',
    ids: ['sites.processes'],
    weaken: async (platform) => {
      const pid = await findInit(platform)
      const child = spawn('nsenter', ['-t', String(pid), '-m', '-n', '-p', '-u', '-i', '-C', '--', 'sleep', '600'], {
        stdio: 'ignore',
      })
      const files = (await cgroupsOf(platform)).procsFiles('shop')
      const sleeping = await until('it sleeps', async () => {
        const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').trim()
        return children !== '' && readFileSync(`/proc/${children}/comm`, 'latin1') === 'sleep\n' && Number(children)
      })
      for (const file of files) writeFileSync(file, String(sleeping))
      return async () => {
        process.kill(Number(sleeping), 'SIGKILL')
        await endProcess(child, 'SIGKILL', 5000)
      }
    },
  },
  {
    name: "a ceiling of a site's user namespace raised",
    ids: ['sites.ceilings'],
    weaken: async (platform) => {
      const pid = String(await findInit(platform))
      const set = (value: number) =>
        succeed('nsenter', ['-t', pid, '-U', 'sysctl', '-q', '-w', `user.max_inotify_instances=${value}`])
      await set(1000)
      return () => set(32)
    },
  },
  {
    name: 'files of the kernel uncovered in a site',
    ids: ['sites.mounts'],
    weaken: async (platform) => {
      const inside = (...argv: string[]) => succeed('nsenter', ['-t', String(pid), '-m', '--', ...argv])
      const pid = await findInit(platform)
      // The template has no umount(8).
      const umount2 = { x64: 166, arm64: 39 }[process.arch as string]
      await inside('perl', '-e', `my $at = "/proc/kallsyms"; exit(syscall(${umount2}, $at, 2) == 0 ? 0 : 1)`)
      return () => succeed('node', ['bin/ruche', 'restart', '--root', platform.root, 'shop'])
    },
  },
  {
    name: 'a template that others may write to',
    ids: ['files.templates'],
    weaken: async ({ root }) => {
      const settings = JSON.parse(await readFile(join(root, 'run/agent.json'), 'utf8'))
      const { template } = JSON.parse(await readFile(join(root, 'lib/agent/sites/shop/spec.json'), 'utf8'))
      const path = join(settings.templatesFolder, template, 'tree/opt')
      await chmod(path, 0o777)
      return () => chmod(path, 0o755)
    },
  },
]
