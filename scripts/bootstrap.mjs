// Makes a clean clone on a Debian machine ready: Debian packages, npm packages, build. Quick when all is there already.
// Runs with nothing installed but Node and npm, so it uses only what Node brings.
import { createHash } from 'node:crypto'
import { access, chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { run } from './run.mjs'
import { elapsedSeconds, say, step, stop } from './say.mjs'

process.chdir(new URL('..', import.meta.url).pathname)
const forTests = process.argv.includes('--test')

checkMachine()
await installDebianPackages()
await installNpmPackages()
const { build } = await import('./build.mjs')
await build()
if (elapsedSeconds() > 2) say(`Ready after ${elapsedSeconds().toFixed(0)} s.`)

function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    stop(`Node ${process.versions.node} is too old.`, 'Ruche needs Node 20.19 or newer.')
  if (process.getuid?.() !== 0) stop('This must run as root.', 'Containers need it: use sudo.')
}

async function installDebianPackages() {
  const lists = ['packaging/packages.txt', ...(forTests ? ['packaging/packages-test.txt'] : [])]
  const wanted = (await Promise.all(lists.map((list) => readFile(list, 'utf8'))))
    .join('\n')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
  const missing = await findMissing(wanted)
  if (missing.length === 0) return
  say(`Installing ${missing.length} Debian packages: ${missing.join(' ')}`)
  await step('package lists', () => run('apt-get', ['update', '-q']))
  await step('packages', () => withoutStartingServices(() => install(missing)))
}

async function findMissing(wanted) {
  const format = `\${Package} \${db:Status-Abbrev}\n`
  // dpkg-query fails when any name is unknown to it, and still prints the others.
  const { stdout } = await run('dpkg-query', ['-W', '-f', format, ...wanted]).catch((error) => error)
  const there = new Set(
    (stdout ?? '')
      .split('\n')
      .filter((line) => line.includes(' ii'))
      .map((line) => line.split(' ')[0]),
  )
  return wanted.filter((name) => !there.has(name))
}

function install(names) {
  const options = ['-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300']
  return run('apt-get', ['install', ...options, ...names], { env: { DEBIAN_FRONTEND: 'noninteractive' } })
}

// Debian starts a service as soon as its package is there; Ruche runs its own nginx and slapd, and the ports must stay free.
// invoke-rc.d(8) asks this file; 101 means "do not".
async function withoutStartingServices(work) {
  const policy = '/usr/sbin/policy-rc.d'
  const exists = await access(policy).then(
    () => true,
    () => false,
  )
  if (exists) return work()
  await writeFile(policy, '#!/bin/sh\nexit 101\n')
  await chmod(policy, 0o755)
  try {
    return await work()
  } finally {
    await rm(policy, { force: true })
  }
}

async function installNpmPackages() {
  const lock = createHash('sha256')
    .update(await readFile('package-lock.json'))
    .digest('hex')
  const stamp = 'node_modules/.ruche-lock'
  if ((await readFile(stamp, 'utf8').catch(() => '')) === lock) return
  say('Installing npm packages')
  await step('npm packages', () => run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']))
  await writeFile(stamp, lock)
}
