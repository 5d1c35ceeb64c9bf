import { isIP } from 'node:net'
import { SshLogin, SshLook } from '../../model/ssh.js'
import type { Hive } from './hive.js'
import { getContainer } from './hive.js'
import { runInside } from './inside.js'

const TIMEOUT_MS = 5000
const MAX_BYTES = 64 * 1024
const MOST_SESSIONS = 200

/** Who is in a running container by SSH, and what waits to be deployed. Nobody is in one that is not running. */
export async function lookAtSsh(hive: Hive, id: string): Promise<SshLook> {
  if (!getContainer(hive, id).life?.ready) return { sessions: [] }
  const argv = ['/usr/lib/ruche/ssh-sessions', 'list']
  const answer = await runInside(hive, id, { uid: 0, cwd: '/', argv, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })
  return parseSshLook(answer.stdout.toString('utf8'))
}

/** Pure: what `ssh-sessions list` says. Lines that are none of its own are passed over. */
export function parseSshLook(text: string): SshLook {
  const sessions: SshLook['sessions'] = []
  let request: SshLook['request']
  for (const line of text.split(/\r?\n/)) {
    const [, state, words = ''] = /^(open|ended) \d+ (.*)$/.exec(line) ?? []
    if (state !== undefined && sessions.length < MOST_SESSIONS) {
      const login = findLogin(words)
      sessions.push({ isOpen: state === 'open', ...(login && { login }) })
    }
    const [, push, commit, key] = /^request (\S+) (\S+) (\S+)$/.exec(line) ?? []
    if (push === undefined) continue
    const found = SshLook.shape.request.safeParse({ id: push, commit, ...(key !== '-' && { fingerprint: key }) })
    if (found.success) request = found.data
  }
  return { sessions, ...(request && { request }) }
}

const ACCEPTED = /^Accepted (publickey|password) for (site|git) from (\S+) port \d+ ssh2(?:: [A-Z0-9-]+ (SHA256:\S+))?$/

function findLogin(words: string): SshLogin | undefined {
  const [, method, user, address = '', fingerprint] = ACCEPTED.exec(words) ?? []
  if (isIP(address) === 0) return undefined
  return SshLogin.safeParse({ method, user, address, fingerprint }).data
}
