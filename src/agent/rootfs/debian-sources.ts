import { access, readFile } from 'node:fs/promises'
import { AppError } from '../../model/errors.js'
import { run } from '../host/run.js'

/** Which Debian a template is made of. */
export interface DebianRelease {
  /** Debian's code name. */
  suite: string
  /** dpkg's name of the machine: amd64, arm64. */
  architecture: string
}

/** Where a template's packages come from. */
export interface DebianSources extends DebianRelease {
  /** Lines of a sources.list(5): the release, its updates and its security updates, from the mirrors that this host uses. */
  lines: string[]
}

const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp']

/** The host's own Debian. AppError `host_failed` when it runs something else. */
export async function findDebianRelease(): Promise<DebianRelease> {
  const suite = findSuite(await readFile('/etc/os-release', 'utf8'))
  const { stdout } = await run('dpkg', ['--print-architecture'])
  return { suite, architecture: stdout.trim() }
}

/**
 * The archives of its Debian that the host is configured with (apt-get(8) indextargets), without third parties', backports and proposed updates.
 * AppError `host_failed` when apt knows none.
 */
export async function findDebianSources({ suite, architecture }: DebianRelease): Promise<DebianSources> {
  const keyring = await firstThatExists(KEYRINGS)
  let lines = await readTargets(suite, keyring)
  if (lines.length === 0) {
    // What apt has never fetched does not say whose it is.
    await run('apt-get', ['update', '-q'], { timeoutMs: 300_000 })
    lines = await readTargets(suite, keyring)
  }
  if (lines.length === 0)
    throw new AppError('host_failed', `apt on this machine knows no archive of Debian ${suite}.`, {
      hint: 'Look at /etc/apt/sources.list.d and run "apt-get update".',
    })
  return { suite, architecture, lines }
}

async function readTargets(suite: string, keyring: string | undefined): Promise<string[]> {
  const { stdout } = await run('apt-get', ['indextargets', 'Created-By: Packages'])
  return renderSources(stdout, suite, keyring)
}

/** Pure: the code name in os-release(5). AppError `host_failed` when it is not Debian's. */
export function findSuite(osRelease: string): string {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1]
  const suite = field('VERSION_CODENAME')
  if (field('ID') === 'debian' && suite) return suite
  throw new AppError('host_failed', 'Templates are made of Debian: this machine runs something else.')
}

/** Pure: answer of `apt-get indextargets` → lines of sources.list(5). */
export function renderSources(targets: string, suite: string, keyring: string | undefined): string[] {
  const wanted = [suite, `${suite}-updates`, `${suite}-security`]
  const components = new Map<string, Set<string>>()
  for (const stanza of targets.split('\n\n')) {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
    const release = field('Release').replace(/\/$/, '')
    if (field('Origin') !== 'Debian' || field('Trusted') !== 'yes' || !wanted.includes(release)) continue
    const archive = `${field('Repo-URI')} ${release}`
    components.set(archive, (components.get(archive) ?? new Set()).add(field('Component')))
  }
  const option = keyring ? `[signed-by=${keyring}] ` : ''
  return [...components].map(([archive, names]) => `deb ${option}${archive} ${[...names].sort().join(' ')}`).sort()
}

async function firstThatExists(paths: string[]): Promise<string | undefined> {
  for (const path of paths)
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path
  return undefined
}
