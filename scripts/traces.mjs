// What a run could leave on the machine: links, network namespaces, mounts, loop devices, cgroups and processes of ours.
import { readdir, readFile } from 'node:fs/promises'
import { run } from './run.mjs'

const CONTROLLERS = '/sys/fs/cgroup'

/** One line for each trace of Ruche on this machine now. */
export async function findTraces() {
  const [links, spaces, loops, mounts, groups, processes] = await Promise.all([
    lines('ip', ['-o', 'link']),
    lines('ip', ['netns', 'list']),
    lines('losetup', ['-l', '-n', '-O', 'NAME,BACK-FILE']),
    readFile('/proc/self/mounts', 'utf8').then((text) => text.split('\n')),
    findGroups(),
    findProcesses(),
  ])
  return [
    ...links
      .map((line) => line.split(':')[1]?.trim().split('@')[0])
      .filter((name) => /^(ruche|rv\d|rt-)/.test(name ?? ''))
      .map((name) => `link ${name}`),
    ...spaces.map((line) => `network namespace ${line.split(' ')[0]}`),
    ...loops.map((line) => `loop ${line.replace(/\s+/g, ' ')}`),
    ...mounts.filter((line) => /ruche/.test(line)).map((line) => `mount ${line.split(' ')[1]}`),
    ...groups.map((path) => `cgroup ${path}`),
    ...processes.map((text) => `process ${text}`),
  ]
}

async function lines(program, args) {
  const { stdout } = await run(program, args).catch(() => ({ stdout: '' }))
  return stdout.split('\n').filter(Boolean)
}

async function findGroups() {
  const hierarchies = await readdir(CONTROLLERS, { withFileTypes: true }).catch(() => [])
  const found = []
  for (const { name } of hierarchies.filter((entry) => entry.isDirectory()))
    for (const group of await readdir(`${CONTROLLERS}/${name}`).catch(() => []))
      if (group.startsWith('ruche')) found.push(`${name}/${group}`)
  return found
}

async function findProcesses() {
  const found = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim()
    if (/dist\/(agent\.mjs|launch\b)|app\/server\.mjs|bin\/ruche|s6-svscan|ruche.*(slapd|nginx)/.test(line))
      found.push(`${pid} ${line.slice(0, 120)}`)
  }
  return found
}
