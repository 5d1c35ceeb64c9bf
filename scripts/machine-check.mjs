// Installs Ruche on a real machine over ssh and looks whether it does there what it promises: units, groups, restarts, reboot, loss of power.
// Run by hand, for a machine that may be wiped afterwards (docs/design/real-machines.md):
//   node scripts/machine-check.mjs [--battery] [--patience N] -- root@HOST [-p PORT -i KEY …]
import { spawn } from 'node:child_process'
import { openAsBlob } from 'node:fs'
import { parseArgs } from 'node:util'
import { run } from './run.mjs'
import { say } from './say.mjs'

process.chdir(new URL('..', import.meta.url).pathname)
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { battery: { type: 'boolean' }, patience: { type: 'string', default: '1' } },
})
if (positionals.length === 0) {
  say('usage: node scripts/machine-check.mjs [--battery] [--patience N] -- root@HOST [ssh options]')
  process.exit(2)
}
const patience = Number(values.patience)
const STACK = 'nginx-php-mariadb'
const SITES = ['steady', 'second']
const BATTERY = ['launcher', 'host', 'network', 'agent']
const results = []

await check('installed by apt from the package', install)
await check('units run', startUnits)
await check('sites answer', makeSites)
await check('v2 groups carry the limits', checkGroups)
await check('the firewall is loaded before the bridge is up', checkOrder)
await check('CRA-10: agent and server restarted, no site restarted', checkRestart)
await check('CRA-12: reboot stops databases cleanly, brings back what is wanted', checkReboot)
await check('CRA-3: power lost, every acknowledged site is there', checkPowerLoss)
await check('the kernel refused nothing of ours', checkKernelLog)
if (values.battery) await check('battery', runBattery)

const width = Math.max(...results.map(({ what }) => what.length))
for (const { what, ok, detail } of results) console.log(`${ok ? 'ok  ' : 'FAIL'} ${what.padEnd(width)}  ${detail}`)
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1

async function check(what, work) {
  const began = performance.now()
  const [ok, detail] = await work().then(
    (found) => [true, found],
    (error) => [false, error.message],
  )
  results.push({ what, ok, detail })
  say(`${ok ? 'ok' : 'FAIL'} ${what} (${((performance.now() - began) / 1000).toFixed(0)} s): ${detail}`)
}

/** Standard output of a shell script on the machine. */
function there(script, stdin) {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', ['-o', 'ConnectTimeout=60', ...positionals, script], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => (output[name] += chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve(output.stdout.trim())
        : reject(new Error(`${script.slice(0, 100)}: ${code} ${(output.stdout + output.stderr).trim().slice(-500)}`)),
    )
    child.stdin.on('error', () => undefined)
    if (stdin) stdin.on('end', () => child.stdin.end()).on('data', (chunk) => child.stdin.write(chunk))
    else child.stdin.end()
  })
}

async function send(path, to) {
  const { Readable } = await import('node:stream')
  await there(`cat > ${to}`, Readable.fromWeb((await openAsBlob(path)).stream()))
}

async function until(what, seconds, look) {
  const end = performance.now() + seconds * 1000 * patience
  for (let last; ; ) {
    const found = await look().catch((error) => {
      last = error.message
    })
    if (found) return found
    if (performance.now() > end)
      throw new Error(`${what}: not within ${seconds * patience} s${last ? ` (${last})` : ''}`)
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

async function install() {
  const { stdout } = await run('node', ['scripts/package.mjs'])
  await send(stdout.trim().split('\n').at(-1), '/root/ruche.deb')
  const apt = 'DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends'
  await there(`${apt} /root/ruche.deb 2>&1 || (apt-get update && ${apt} /root/ruche.deb) 2>&1`)
  await there('systemctl disable --now nginx slapd 2>/dev/null; true')
  const versions =
    'uname -r; systemctl --version | head -1; node --version; nginx -v 2>&1; nft --version; cat /etc/debian_version'
  return (await there(versions)).replaceAll('\n', ' · ')
}

async function startUnits() {
  await there('systemctl enable --now ruche-agent ruche-server ruche-sites')
  await until('ruche status', 60, () => there('ruche status --json'))
  const units = await there('systemctl is-active ruche-groups ruche-agent ruche-server ruche-sites')
  return units.replaceAll('\n', ' ')
}

async function makeSites() {
  await there(`ruche template build ${STACK}`)
  for (const name of SITES) await there(`ruche create ${name} --database mariadb --json || ruche start ${name} --json`)
  const [php] = SITES
  await there(`printf '<?php echo "php ", PHP_VERSION;' | ruche files ${php} put - public/v.php`)
  return (await Promise.all(SITES.map(answer))).join(', ')
}

async function answer(name) {
  const url = `https://${name}.sites.localhost`
  const ca = '/var/lib/ruche/certificates/ca.pem'
  const code = await there(`curl -sS --cacert ${ca} -o /dev/null -w '%{http_code}' --resolve '*:443:127.0.0.1' ${url}/`)
  if (code !== '200') throw new Error(`${name} answered ${code}`)
  return `${name} ${code}`
}

async function checkGroups() {
  const group = await there(`cut -d: -f3 /proc/${await firstProcess(SITES[0])}/cgroup`)
  if (group !== `/ruche.slice/ruche-groups.service/ruche/${SITES[0]}`) throw new Error(`it lives in ${group}`)
  const files = [
    'cpu.max',
    'cpu.weight',
    'memory.max',
    'memory.high',
    'memory.swap.max',
    'memory.oom.group',
    'pids.max',
    'io.max',
  ]
  const values = await there(`cd /sys/fs/cgroup${group} && for f in ${files.join(' ')}; do echo "$f=$(cat $f)"; done`)
  if (!/pids.max=\d/.test(values) || !/memory.max=\d/.test(values) || !/cpu.max=\d/.test(values))
    throw new Error(values)
  return values.replaceAll('\n', ', ')
}

const firstProcess = async (name) => JSON.parse(await there(`ruche show ${name} --json`)).pid

/** Start times of the sites' first processes and of the front proxy. */
async function startTimes() {
  const pids = [...(await Promise.all(SITES.map(firstProcess)))]
  const proxy = await there('cat /sys/fs/cgroup/ruche.slice/ruche-groups.service/ruche/.proxy/cgroup.procs | head -1')
  return there([...pids, proxy].map((pid) => `cut -d' ' -f1,22 /proc/${pid}/stat`).join('; '))
}

/** Watches the kernel while the agent makes the network anew. */
async function checkOrder() {
  const stamp = 'while read -r l; do echo "$(date +%s.%N) $l"; done'
  const script = `ruche stop ${SITES[0]} && ruche stop ${SITES[1]} && systemctl stop ruche-agent && ip link delete ruche0 && nft delete table inet ruche;
    nft delete table bridge ruche; (timeout 300 ip monitor link | grep --line-buffered 'ruche0.*UP' | ${stamp} > /tmp/link) & (timeout 300 nft monitor new tables | ${stamp} > /tmp/nft) &
    sleep 3; systemctl start ruche-agent; while [ ! -s /tmp/link ]; do sleep 1; done; head -1 /tmp/nft; head -1 /tmp/link; ruche start ${SITES[0]}; ruche start ${SITES[1]}`
  const [table = '', link = ''] = (await there(script)).split('\n')
  if (!(Number.parseFloat(table) < Number.parseFloat(link))) throw new Error(`${table} / ${link}`)
  return 'tables first'
}

async function checkRestart() {
  const before = await startTimes()
  await there('systemctl restart ruche-agent ruche-server')
  await until('ruche status', 60, () => there('ruche status --json'))
  const after = await startTimes()
  if (before !== after) throw new Error(`${before} became ${after}`)
  for (const name of SITES) await answer(name)
  return `start times the same: ${after.replaceAll('\n', ', ')}`
}

async function reboot(how) {
  const boot = await there('cat /proc/sys/kernel/random/boot_id')
  await there(how).catch(() => undefined)
  await until('the machine is back', 300, async () => (await there('cat /proc/sys/kernel/random/boot_id')) !== boot)
  await until('the sites answer', 300, async () => {
    for (const name of SITES) await answer(name)
    return true
  })
  return `answering ${Math.round(Number(await there("cut -d' ' -f1 /proc/uptime")))} s after the kernel began`
}

async function checkReboot() {
  const detail = await reboot('systemctl reboot')
  const log = await there(`ruche logs ${SITES[0]} -n 2000`)
  if (!/Shutdown complete|Normal shutdown/i.test(log)) throw new Error("no clean shutdown in MariaDB's log")
  if (/crash recovery/i.test(log)) throw new Error('MariaDB had to recover')
  return `${detail}; MariaDB: shutdown complete`
}

async function checkPowerLoss() {
  await there('ruche create third --database mariadb --json')
  // sysrq b: at once, nothing is written back.
  const detail = await reboot('echo 1 > /proc/sys/kernel/sysrq; echo b > /proc/sysrq-trigger')
  const sites = JSON.parse(await there('ruche list --json')).sites.map(({ name, state }) => `${name} ${state}`)
  if (!sites.some((line) => line.startsWith('third '))) throw new Error(`third is lost: ${sites}`)
  await until('third answers', 120, () => answer('third'))
  return `${detail}; ${sites.join(', ')}`
}

async function checkKernelLog() {
  const denied = await there('journalctl -k --no-pager | grep -E \'apparmor="DENIED"|cgroup.*failed\' | head -3; true')
  if (denied) throw new Error(denied)
  return 'no refusal by AppArmor'
}

async function runBattery() {
  await run('tar', ['-cf', '.cache/clone.tar', '--exclude=.git', '--exclude=.cache', '.'])
  await there(
    'systemctl stop ruche-groups; mkdir -p /root/clone && tar -C /root/clone -xf -',
    (await import('node:fs')).createReadStream('.cache/clone.tar'),
  )
  const folders = BATTERY.map((name) => `tests/root/${name}`).join(' ')
  const vitest = `node_modules/.bin/vitest run --project root --no-isolate ${folders} --reporter=json --outputFile.json=/root/battery.json`
  await there(`cd /root/clone && RUCHE_TEST_PATIENCE=${patience} ${vitest} >/root/battery.log 2>&1; true`)
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(await there('cat /root/battery.json'))
  if (failed) throw new Error(`${passed} passed, ${failed} failed: /root/battery.log`)
  return `${passed} passed, ${failed} failed`
}
