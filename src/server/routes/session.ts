import { AppError } from '../../model/errors.js'
import type { Quota } from '../../model/limits.js'
import type { Me } from '../../model/person.js'
import { visibleText } from '../../model/visible-text.js'
import { normaliseLogin } from '../access/login-name.js'
import type { Requester } from '../access/requester.js'
import type { SessionOrigin } from '../access/sessions.js'
import { wrongPair } from '../access/wrong-pair.js'
import type { Dependencies } from '../dependencies.js'
import { mayCreate, quotaOf, readPerson } from '../register/people.js'
import { usedBy } from '../sites/quota.js'
import type { Door } from './door.js'
import type { Call, RouteTable } from './route-table.js'

/** The least time that a refusal takes, so that it does not tell what was wrong. */
const REFUSAL_MS = 700

export function sessionRoutes(
  dependencies: Dependencies,
  door: Door,
): Pick<RouteTable, 'signIn' | 'signOut' | 'me' | 'welcome'> {
  const { sessions, naming, sampleAccounts, announcements } = dependencies
  return {
    async signIn({ body }, call) {
      const person = await prove(dependencies, body, call)
      const { token, session } = await sessions.signIn(person, originOf(call), call.who?.session)
      door.keep(call.reply, token)
      return presentMe(dependencies, session.who, session.csrfToken)
    },
    async signOut(_, { who, reply }) {
      if (who.session !== undefined) await sessions.signOut(who.session)
      door.forget(reply)
      return {}
    },
    me: (_, { who, request }) => presentMe(dependencies, who, door.csrfTokenOf(request)),
    async welcome() {
      const warnings = (await announcements.shown()).filter(({ kind }) => kind === 'warning')
      return { baseDomain: naming.baseDomain, sampleAccounts, warnings: warnings.map(({ texts }) => texts) }
    },
  }
}

function originOf({ address, request }: Call): SessionOrigin {
  return { address, browser: visibleText(String(request.headers['user-agent'] ?? '')) }
}

async function prove(
  { directory, signInLimits, log }: Dependencies,
  { login, password }: { login: string; password: string },
  { address }: Call,
) {
  if (!directory)
    throw new AppError('unavailable', 'Nobody can sign in: no directory is configured.', {
      hint: 'The administrator must fill in [directory] of the configuration.',
    })
  const name = normaliseLogin(login) ?? ''
  const { waitMs } = signInLimits.attempt(name, address)
  const least = pause(REFUSAL_MS + waitMs)
  if (waitMs > 0) await pause(waitMs)
  try {
    if (name === '' || password === '') throw wrongPair()
    const person = await directory.signIn(name, password)
    signInLimits.succeeded(name, address)
    log.info({ login: person.login, address }, 'signed in')
    return person
  } catch (error) {
    const isWrong = error instanceof AppError && error.code === 'unauthenticated'
    if (!isWrong) signInLimits.forgive(name, address)
    else await least
    log.info({ login: name, address, wrong: isWrong }, 'not signed in')
    throw error
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

const NO_QUOTA: Quota = {
  sites: 10_000,
  cpuMilli: 1_000_000,
  memoryBytes: Number.MAX_SAFE_INTEGER,
  diskBytes: Number.MAX_SAFE_INTEGER,
}

async function presentMe({ register, announcements }: Dependencies, who: Requester, csrfToken: string): Promise<Me> {
  const { login, name, administrator } = who
  const [used, shown] = await Promise.all([usedBy(register.db, login), announcements.shown()])
  const me = { login, name, administrator, used, csrfToken, announcements: shown }
  if (who.root) return { ...me, mayCreate: true, quota: NO_QUOTA }
  const person = await readPerson(register.db, login)
  return { ...me, mayCreate: mayCreate(person), quota: quotaOf(person) }
}
