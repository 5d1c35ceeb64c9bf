import { AppError } from '../../model/errors.js'
import { getContainer, type Hive } from './hive.js'
import { runInside, SITE_UID } from './inside.js'

const ANSWER_MS = 10_000
const MOST_BYTES = 4096

/** Asks the site's own web server by the loopback, so it needs no network: what is answered is the same for a container that has none. */
const SCRIPT = [
  'exec 3<>/dev/tcp/127.0.0.1/80 || exit 1',
  `printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\nX-Forwarded-Proto: https\\r\\nUser-Agent: ruche\\r\\n\\r\\n' "$2" "$1" >&3`,
  'exec head -c 64 <&3',
].join('; ')

/** Status with which a running container answers one request for a page; null when nothing comes that is HTTP. AppError `conflict` when it does not run. */
export async function probePage(
  hive: Hive,
  id: string,
  host: string,
  path: string,
): Promise<{ status: number | null }> {
  if (!getContainer(hive, id).life) throw new AppError('conflict', `${id} is not running.`)
  const argv = ['/bin/bash', '-c', SCRIPT, 'probe', host, path]
  const program = { uid: SITE_UID, cwd: '/', argv, timeoutMs: ANSWER_MS, maxBytes: MOST_BYTES }
  const said = await runInside(hive, id, program).then(
    ({ stdout }) => stdout.toString('latin1'),
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'timed_out') return ''
      throw error
    },
  )
  const status = /^HTTP\/1\.[01] ([1-5][0-9]{2})\b/.exec(said)?.[1]
  return { status: status === undefined ? null : Number(status) }
}
