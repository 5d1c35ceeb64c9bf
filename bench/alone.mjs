import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Gives /sys the names of this network, which `ip netns` and lxc read, and keeps the control groups there; what others leave below /run goes with it. */
const PREPARE = `set -e
mount --make-rprivate /
mount --rbind /sys/fs/cgroup /mnt
mount -t sysfs sysfs /sys
mount --rbind /mnt /sys/fs/cgroup
umount -l /mnt
mount -t tmpfs run /run
# newuidmap(1) gives root no more than these say.
echo root:100000:1000000 >/run/subid
for file in /etc/subuid /etc/subgid; do if [ -e "$file" ]; then mount --bind /run/subid "$file"; fi; done
ip link set lo up
exec "$@"`

/**
 * Runs `main` in a network, mounts and process numbers of its own (unshare(1)): no port is anybody's already, every process that it sees is its own, and all end with it.
 * `main` gets a folder and the name of a control group, both of which are removed afterwards with all below them.
 */
export async function alone(main) {
  const given = process.env.RUCHE_BENCH_ALONE
  if (given) process.exit(await main(JSON.parse(given)))
  const lab = { folder: mkdtempSync('/tmp/ruche-bench-'), group: `ruche-${randomBytes(4).toString('hex')}` }
  chmodSync(lab.folder, 0o755)
  const spaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  const again = [process.execPath, ...process.argv.slice(1)]
  const child = spawn('unshare', [...spaces, 'sh', '-c', PREPARE, 'sh', ...again], {
    stdio: 'inherit',
    env: { ...process.env, RUCHE_BENCH_ALONE: JSON.stringify(lab) },
  })
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
  rmSync(lab.folder, { recursive: true, force: true })
  for (const controller of ['.', ...readdirSync('/sys/fs/cgroup')]) {
    const top = join('/sys/fs/cgroup', controller, lab.group)
    if (existsSync(top)) spawnSync('find', [top, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'])
  }
}
