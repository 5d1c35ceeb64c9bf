import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../model/errors.js'
import type { OffSitePlace } from '../../model/off-site.js'

/** Where the repository is and which files have the secrets; none of them is ever an argument, or in an environment. */
export interface ResticSettings extends OffSitePlace {
  passwordFile: string
  keyFile: string
  knownHostsFile: string
}

interface Streams {
  stdin?: AsyncIterable<Uint8Array>
  onStdout?: (stdout: Readable) => Promise<void>
  signal?: AbortSignal | undefined
  timeoutMs: number
}

const MOST_WORDS = 4000
const MOST_OUTPUT = 16 * 1024 ** 2
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', GOMAXPROCS: '1' }

/** Arguments that name the repository, reached with OpenSSH, which knows the host beforehand. Pure. */
export function planRepository(settings: ResticSettings): string[] {
  const { user, host, port, folder, passwordFile, keyFile, knownHostsFile } = settings
  const ssh = [
    ...['ssh', '-F', '/dev/null', '-i', keyFile, '-p', String(port), '-l', user],
    ...['-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'StrictHostKeyChecking=yes'],
    ...['-o', `UserKnownHostsFile=${knownHostsFile}`, '-o', 'GlobalKnownHostsFile=/dev/null'],
    ...['-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=4'],
    ...[host, '-s', 'sftp'],
  ]
  return [
    ...['--repo', `sftp:${user}@${host.includes(':') ? `[${host}]` : host}:${folder}`],
    ...['--password-file', passwordFile, '--no-cache', '-o', `sftp.command=${ssh.join(' ')}`],
  ]
}

/** Runs restic(1), with nobody's power and for no longer than we live, and answers what it said. AppError `host_failed`, `timed_out`. */
export async function runRestic(
  settings: ResticSettings,
  args: readonly string[],
  { stdin, onStdout, signal, timeoutMs }: Streams,
): Promise<string> {
  const confined = ['--no-new-privs', '--inh-caps', '-all', '--pdeathsig', 'KILL', '--', 'nice', '-n', '10']
  const words = [...confined, 'restic', ...planRepository(settings), ...args]
  const child = spawn('setpriv', words, { cwd: '/', env: ENVIRONMENT, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  let why: AppError | undefined
  const kill = (error: AppError): void => {
    why ??= error
    endGroup(child)
  }
  const timer = setTimeout(() => kill(new AppError('timed_out', 'restic took too long and was ended.')), timeoutMs)
  const cancel = (): void => kill(new AppError('host_failed', 'restic was cancelled.'))
  signal?.addEventListener('abort', cancel)
  const ended = new Promise<number>((resolve) => {
    child.once('error', (cause) => {
      why ??= new AppError('host_failed', 'restic could not be started.', { cause })
      resolve(-1)
    })
    child.once('close', (code) => resolve(code ?? -1))
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-MOST_WORDS)
  })
  let output = ''
  const collect = async (stdout: Readable): Promise<void> => {
    for await (const chunk of stdout.setEncoding('utf8')) {
      output += chunk
      if (output.length > MOST_OUTPUT) return kill(new AppError('host_failed', 'restic said too much and was ended.'))
    }
  }
  try {
    const given = stdin ? give(stdin, child, kill) : child.stdin.end()
    const taken = (onStdout ?? collect)(child.stdout).catch((cause: unknown) => {
      kill(cause instanceof AppError ? cause : new AppError('host_failed', 'The copy could not be taken.', { cause }))
    })
    const [code] = await Promise.all([ended, taken, given])
    if (why) throw why
    if (code !== 0) throw failed(said, code)
    return output
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

/** The end of its input is what restic takes for the end of the archive: one that breaks off must end restic first. */
async function give(
  stdin: AsyncIterable<Uint8Array>,
  child: ChildProcess,
  kill: (error: AppError) => void,
): Promise<void> {
  const source = (async function* () {
    try {
      yield* stdin
    } catch (cause) {
      kill(cause instanceof AppError ? cause : new AppError('host_failed', 'The backup could not be read.', { cause }))
      await new Promise((resolve) => child.once('close', resolve))
    }
  })()
  // A restic that ends before it has read all says by its exit code what was wrong.
  if (child.stdin) await pipeline(source, child.stdin).catch(() => undefined)
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: it is gone already.
  }
}

function failed(said: string, code: number): AppError {
  const cause = new Error(said || `exit code ${code}`)
  return new AppError('host_failed', explainRefusal(said) ?? `restic failed (exit code ${code}).`, { cause })
}

/** Pure: the line of restic's or ssh's last words that says most. */
export function explainRefusal(said: string): string | undefined {
  const lines = said
    .split('\n')
    .map((line) => line.replaceAll(/[^\x20-\x7e]/g, '').trim())
    .filter((line) => line !== '' && !/^(goroutine|\s*at |created new cache)/.test(line))
  const telling = lines.find((line) =>
    /Host key verification failed|Permission denied|Connection (refused|timed out)|No route to host|Could not resolve|wrong password|No space left|Is there a repository/i.test(
      line,
    ),
  )
  return (telling ?? lines.at(-1))?.slice(0, 300)
}
