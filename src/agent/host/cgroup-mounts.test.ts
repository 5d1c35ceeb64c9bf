import { expect, test } from 'vitest'
import { planCgroupMounts } from './cgroup-mounts.js'

test('the hierarchies of the kernel are those that this process is in', () => {
  expect(planCgroupMounts('9:name=systemd:/\n4:memory:/x:y\n2:cpu,cpuacct:/\n0::/\n')).toEqual([
    { type: 'cgroup', name: 'memory' },
    { type: 'cgroup', name: 'cpu,cpuacct' },
    { type: 'cgroup2', name: 'unified' },
  ])
  expect(planCgroupMounts('0::/system.slice/x.service\n')).toEqual([{ type: 'cgroup2', name: 'unified' }])
})
