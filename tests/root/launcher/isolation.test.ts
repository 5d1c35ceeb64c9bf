import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finish, succeed } from '../../helpers/programs.js'
import { openTestBed, type TestBed, type TestSite } from './test-site.js'

let bed: TestBed
let site: TestSite

beforeAll(async () => {
  bed = await openTestBed()
  site = await bed.startSite(await bed.makeImage('isolated'))
})
afterAll(() => bed.close())

/** What the probe saw: name → errno name, or `ok`. */
async function probe(...words: string[]): Promise<Record<string, string>> {
  const lines = (await site.sh(`probe ${words.join(' ')}`)).split('\n')
  return Object.fromEntries(lines.map((line) => [line.replace(/ \S+$/, ''), line.replace(/^.* /, '')]))
}

const withAnswer = (answer: string, names: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [name, answer]))

describe('system calls', () => {
  it('ISO-8: that are dangerous answer "no", that are unknown answer "not here"', async () => {
    const refused = `acct add_key adjtimex bpf clock_adjtime clock_settime delete_module fanotify_init fanotify_mark finit_module
      fsconfig fsmount fsopen fspick init_module kcmp kexec_file_load kexec_load keyctl lookup_dcookie mount mount_setattr
      move_mount name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root process_madvise
      process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot request_key setdomainname sethostname setns
      settimeofday swapoff swapon syslog umount2 unshare userfaultfd vhangup vmsplice`
    const absent = `clone3 get_mempolicy io_destroy io_setup io_submit io_uring_enter io_uring_register io_uring_setup mbind
      memfd_secret migrate_pages move_pages set_mempolicy unknown_999`
    const x86 = process.arch === 'x64'
    expect(await probe('calls')).toEqual({
      ...withAnswer('EPERM', refused.replaceAll(/\s+/g, ' ')),
      ...withAnswer('ENOSYS', absent.replaceAll(/\s+/g, ' ')),
      ...(x86 ? withAnswer('EPERM', 'ioperm iopl modify_ldt') : {}),
      ...(x86 ? withAnswer('ENOSYS', 'uselib ustat sysfs _sysctl') : {}),
    })
  })

  it('ISO-8: with dangerous arguments answer "no", also with a bit set that the kernel does not read', async () => {
    const { clone, 'old mknod char': old, ...seen } = await probe('arguments')
    expect(clone).toBe('ok')
    expect(old).toBe(process.arch === 'x64' ? 'EPERM' : undefined)
    const names = ['user', 'mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup'].map((name) => `clone+${name}`)
    expect(seen).toEqual({
      ...Object.fromEntries(names.map((name) => [name, 'EPERM'])),
      'ioctl TIOCSTI': 'EPERM',
      'ioctl TIOCSTI high': 'EPERM',
      'ioctl TIOCLINUX high': 'EPERM',
      'ioctl TIOCSETD high': 'EPERM',
      'socket PACKET high': 'EAFNOSUPPORT',
      'personality 0': 'ok',
      'personality query': 'ok',
      'personality no-random': 'EPERM',
      'mknod fifo': 'ok',
      'mknod socket': 'ok',
      'mknod file': 'ok',
      'mknod char': 'EPERM',
      'mknod block': 'EPERM',
    })
  })

  it('ISO-8: make sockets of four families, and of the usual protocols', async () => {
    const seen = await probe('sockets')
    const allowed = new Set(['family 1', 'family 2', 'family 10', 'family 16', 'netlink 0', 'tcp', 'tcp6'])
    for (const name of ['ping', 'ping6', 'pair unix']) allowed.add(name)
    expect(Object.keys(seen).filter((name) => seen[name] === 'ok')).toEqual(
      Object.keys(seen).filter((name) => allowed.has(name)),
    )
    expect(Object.keys(seen).length).toBe(83)
    expect([seen['family 17'], seen['family 38'], seen['family 40']]).toEqual(Array(3).fill('EAFNOSUPPORT'))
    expect([seen['netlink 12'], seen.sctp, seen.dccp, seen.raw255]).toEqual(Array(4).fill('EPROTONOSUPPORT'))
    expect(seen.raw).toBe('EPERM')
  })

  it.runIf(process.arch === 'x64')(
    'ISO-10: of foreign architectures are killed, those of x32 do not exist',
    async () => {
      expect(await probe('foreign')).toEqual({
        'x32 getpid': 'ENOSYS',
        int80: expect.stringMatching(/^SIG(SYS|SEGV)$/),
      })
    },
  )
})

describe('more namespaces', () => {
  it('ISO-5: are refused by the filter', async () => {
    for (const option of ['-U', '-m', '-n', '-p', '-i', '-u']) {
      expect((await site.inside(['unshare', option, '/bin/true'])).stderr).toContain('Operation not permitted')
    }
  })

  // From the host, with all capabilities over the container's user namespace and without its filter.
  const unfiltered = (...argv: string[]) => finish('nsenter', ['-t', String(site.mark.pid), '-a', ...argv])

  it('ISO-5: are refused by the ceilings too', async () => {
    for (const option of ['-U', '-m', '-n', '-p', '-i', '-u', '-C']) {
      const { code, stderr } = await unfiltered('/bin/unshare', option, '/bin/true')
      expect([option, code], stderr).not.toEqual([option, 0])
    }
    expect((await unfiltered('/bin/unshare', '-U', '/bin/true')).stderr).toContain('No space left')
  })

  it('ISO-4: do not belong to the root inside, whatever its capabilities', async () => {
    expect(await unfiltered('/bin/sh', '-c', 'grep CapEff /proc/self/status')).toMatchObject({
      stdout: expect.stringMatching(/0000003fffffffff|000001ffffffffff/),
    })
    for (const argv of [
      ['/bin/mount', '-t', 'tmpfs', 'x', '/tmp'],
      ['/bin/umount', '/proc/sys'],
      ['/bin/ip', 'link', 'add', 'x', 'type', 'dummy'],
      ['/bin/ip', 'addr', 'add', '10.1.1.9/24', 'dev', 'lo'],
      ['/bin/hostname', 'other'],
      ['/bin/sh', '-c', 'echo 5 > /proc/sys/user/max_user_namespaces'],
      ['/bin/mknod', '/tmp/null', 'c', '1', '3'],
    ]) {
      const { code, stderr } = await unfiltered(...argv)
      expect(code, argv.join(' ')).not.toBe(0)
      expect(stderr).toMatch(/not permitted|denied|Read-only/)
    }
  })
})

/** Below /proc/self, for its own root: each says or changes something of that process alone. */
const OWN_FILES = new Set(
  `fdinfo environ auxv status personality limits sched autogroup timens_offsets comm syscall cmdline stat statm maps
    numa_maps mem mounts mountinfo mountstats clear_refs smaps smaps_rollup pagemap attr/current attr/prev attr/exec
    attr/fscreate attr/keycreate attr/sockcreate wchan stack schedstat cpuset cgroup oom_score oom_adj oom_score_adj
    loginuid sessionid coredump_filter io uid_map gid_map projid_map setgroups timers timerslack_ns arch_status
    ksm_merging_pages ksm_stat cpu_resctrl_groups patch_state seccomp_cache make-it-fail fail-nth attr/apparmor/current
    attr/apparmor/prev attr/apparmor/exec attr/smack/current latency`.split(/\s+/),
)

describe('what all sites share', () => {
  it('is bounded for a site as a whole, as many users as it may play', async () => {
    expect(await site.sh('probe inotify 1')).toBe('32')
    expect(await site.sh('probe inotify 12')).toBe('32')
  })

  it('ISO-11: cannot be written: of /proc only what is the process its own, of /sys nothing', async () => {
    const inProc = (await site.sh('probe write-open /proc')).split('\n')
    expect(inProc).toContain('/proc/self/oom_score_adj')
    const unknown = inProc.filter(
      (path) => !OWN_FILES.has(path.replace('/proc/self/', '').replace(/^fdinfo\/\d+$/, 'fdinfo')),
    )
    expect(unknown).toEqual([])
    expect(await site.sh('probe write-open /sys')).toBe('')
  })

  it('ISO-11: cannot be seen: masked files are empty, masked folders too', async () => {
    for (const file of ['kcore', 'kallsyms', 'keys', 'key-users', 'cmdline', 'modules', 'timer_list', 'interrupts']) {
      expect(await site.sh(`[ ! -e /proc/${file} ] || wc -c < /proc/${file}`)).toMatch(/^0?$/)
    }
    const folders = [
      '/sys/firmware',
      '/sys/kernel',
      '/sys/fs',
      '/sys/block',
      '/sys/module',
      '/sys/devices/virtual/block',
    ]
    for (const folder of folders) expect(await site.sh(`ls -A ${folder}`)).toBe('')
    expect(await site.sh('grep -rsl /tmp/ruche-launcher /sys/devices || true')).toBe('')
  })
})

describe('the host', () => {
  it('ISO-6: shares no memory, queue, semaphore or abstract socket, nor does a neighbour', async () => {
    const number = String(1_000_000 + process.pid)
    const neighbour = await bed.startSite(await bed.makeImage('neighbour'))
    const none = { ...withAnswer('ENOENT', 'shm msg sem mq'), abstract: 'ECONNREFUSED' }
    const program = join(bed.folder, 'template/bin/probe')
    const inside = { ...neighbour.mark, cgroupProcs: [], uid: 0, gid: 0, argv: ['probe', 'hold-ipc', number] }
    for (const holder of [spawn(program, ['hold-ipc', number]), bed.launcher.enter(inside)]) {
      const [said] = (await once(holder.stdout, 'data')) as [Buffer]
      expect(said.toString()).toContain('shm ok')
      expect(await probe('find-ipc', number)).toEqual(none)
      holder.stdin.end()
      await ('exited' in holder ? holder.exited : once(holder, 'exit'))
    }
  })

  it('ISO-6: shows none of its processes', async () => {
    const seen = (await site.sh('ls /proc')).split('\n').filter((name) => /^\d+$/.test(name))
    expect(seen.length).toBeLessThanOrEqual(4)
    // Its init, the sleep that it waits for, and our own keeper.
    expect(Number(await site.sh('exec probe processes'))).toBe(3)
    expect(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length).toBeGreaterThan(4)
  })

  it('ISO-12: gives no devices but six', async () => {
    const nodes = await site.sh('find /dev -type c -o -type b | sort')
    expect(nodes.split('\n')).toEqual(
      ['full', 'null', 'ptmx', 'random', 'tty', 'urandom', 'zero']
        .map((name) => (name === 'ptmx' ? '/dev/pts/ptmx' : `/dev/${name}`))
        .sort(),
    )
    for (const argv of [
      ['mknod', '/tmp/mem', 'c', '1', '1'],
      ['mknod', '/home/site/kmsg', 'c', '1', '11'],
      ['mknod', '/home/site/loop-control', 'c', '10', '237'],
      ['mknod', '/home/site/tun', 'c', '10', '200'],
      ['mknod', '/home/site/fuse', 'c', '10', '229'],
      ['mknod', '/home/site/loop', 'b', '7', '0'],
      ['rm', '/dev/null'],
      ['touch', '/dev/new'],
      ['chmod', '600', '/dev/null'],
    ]) {
      expect((await site.inside(argv)).stderr).toMatch(/not permitted|denied/)
    }
    await site.sh('mkfifo /tmp/pipe')
    for (const name of ['mem', 'kmsg', 'port', 'vda', 'loop0', 'loop-control', 'fuse', 'net/tun', 'kvm', 'console'])
      expect((await site.inside(['cat', `/dev/${name}`])).stderr, name).toContain('No such file')
  })

  it('ISO-9: is not reachable through a setuid program', async () => {
    await site.sh('cp /bin/probe /home/site/suid && chmod 6755 /home/site/suid')
    expect(await site.sh('/home/site/suid ids', 1000)).toBe('1000 1000 0000000000000000')
    expect(await site.sh('stat -c %a /home/site/suid')).toBe('6755')
    // Nor through one of the template's, should one ever be in it: the mounts and no_new_privs forbid it.
    await succeed('setcap', ['cap_net_raw,cap_sys_admin+ep', join(bed.folder, 'template/bin/capable')])
    await chmod(join(bed.folder, 'template/bin/setuid'), 0o6755)
    const other = await bed.startSite(await bed.makeImage('capable'))
    expect(await other.sh('capable ids; setuid ids', 1000)).toBe(
      '1000 1000 0000000000000000\n1000 1000 0000000000000000',
    )
    // And nobody inside can make one.
    const seen = await probe('capability', '/home/site/suid')
    expect(seen).toEqual({ 'revision 2': 'EPERM', 'revision 3': 'EPERM', trusted: 'EPERM' })
  })

  it('ISO-3: sees files of the site with the ids of the site, and its mapped root as nobody', async () => {
    expect(await site.sh('touch /home/site/mine && stat -c %u:%g /home/site/mine')).toBe('0:0')
    expect(await site.sh('stat -c %u /proc/sys/kernel /dev/null')).toBe('65534\n65534')
  })
})
