import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../model/errors.js'
import { run } from '../run.js'
import type { ProxyFiles, ProxyInput } from './proxy-input.js'
import { renderProxy } from './render-proxy.js'

const TIME_LIMIT_MS = 30_000

/**
 * Asks nginx whether it understands what would be rendered from `input` (`nginx -t`), in a folder below `root` that nobody else looks at. The test also binds,
 * opens logs and writes a pid file, which this user may not do where the real one does: so those few words differ, and only those.
 * AppError `host_failed` when it does not.
 */
export async function checkCandidate(program: string, root: string, input: ProxyInput): Promise<void> {
  const folder = await mkdtemp(join(root, '.test-'))
  try {
    const runFolder = join(folder, 'run')
    await mkdir(runFolder)
    // In use already is an answer that the test accepts; the address is no matter.
    const own = { folder, runFolder, accessLog: join(runFolder, 'access.log'), listen: ['127.0.0.1'] }
    const files: ProxyFiles = renderProxy({ ...input, ...own, httpPort: 61_080, httpsPort: 61_443 })
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    await run(program, ['-t', '-q', '-e', 'stderr', '-p', folder, '-c', 'nginx.conf'], TIME_LIMIT_MS)
  } catch (error) {
    throw new AppError('host_failed', `The front proxy's new configuration was refused: ${wordsOf(error)}`, {
      hint: 'The last good one stays in use.',
      cause: error,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Version of the installed nginx, as `1.22.1`. */
export async function findInstalledVersion(program: string): Promise<string> {
  return /nginx\/(\d+\.\d+\.\d+)/.exec(await run(program, ['-v'], TIME_LIMIT_MS))?.[1] ?? '0.0.0'
}

/** How an nginx of this version wants HTTP/2: since 1.25.1 it has a directive and complains about the word. */
export function planHttp2(version: string): ProxyInput['http2'] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1e6 + minor * 1e3 + patch >= 1_025_001 ? 'directive' : 'listen'
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
