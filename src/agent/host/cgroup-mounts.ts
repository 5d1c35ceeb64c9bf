import { mkdirSync, readFileSync } from 'node:fs'
import { run } from './run.js'

const AT = '/sys/fs/cgroup'

export interface CgroupMount {
  type: 'cgroup' | 'cgroup2'
  /** Name of the folder, and with v1 the controllers of the hierarchy. */
  name: string
}

/** Pure: the hierarchies in /proc/self/cgroup (cgroups(7)): `4:cpu,cpuacct:/…` with v1, `0::/…` with v2. Those without a controller are nobody's need. */
export function planCgroupMounts(cgroupFile: string): CgroupMount[] {
  return cgroupFile.split('\n').flatMap((line): CgroupMount[] => {
    const [id, controllers = ''] = line.split(':')
    if (id === '0') return [{ type: 'cgroup2', name: 'unified' }]
    return controllers === '' || controllers.startsWith('name=') ? [] : [{ type: 'cgroup', name: controllers }]
  })
}

/**
 * Shows the kernel's hierarchies where no process of our mount namespace can see any: ip-netns(8) `exec` covers /sys with a new, empty one. The
 * hierarchies are the same as everywhere on the host; the mounts are only this namespace's. AppError `host_failed`.
 */
export async function mountCgroups(): Promise<void> {
  const mounts = planCgroupMounts(readFileSync('/proc/self/cgroup', 'utf8'))
  if (mounts.length === 1 && mounts[0]?.type === 'cgroup2') {
    await run('mount', ['-t', 'cgroup2', 'none', AT])
    return
  }
  await run('mount', ['-t', 'tmpfs', '-o', 'mode=755,size=64k', 'none', AT])
  for (const { type, name } of mounts) {
    mkdirSync(`${AT}/${name}`)
    await run('mount', ['-t', type, ...(type === 'cgroup' ? ['-o', name] : []), 'none', `${AT}/${name}`])
  }
}
