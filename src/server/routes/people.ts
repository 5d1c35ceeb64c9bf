import { AppError } from '../../model/errors.js'
import type { Quota } from '../../model/limits.js'
import type { Person } from '../../model/person.js'
import { normaliseLogin } from '../access/login-name.js'
import type { Dependencies } from '../dependencies.js'
import {
  hasOwnQuota,
  hasPerson,
  listPeople,
  mayCreate,
  type PersonRecord,
  quotaOf,
  readPerson,
  savePerson,
} from '../register/people.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import { counts, ROOT, sumUse } from '../sites/quota.js'
import type { RouteTable } from './route-table.js'

export function peopleRoutes(dependencies: Dependencies): Pick<RouteTable, 'listPeople' | 'setPerson'> {
  const { register, log } = dependencies
  return {
    async listPeople() {
      const sites = await listSites(register.db)
      const people = await listPeople(register.db)
      const known = new Set([ROOT, ...people.map((person) => person.login)])
      const others = [...new Set(sites.map((site) => site.owner))].filter((login) => !known.has(login))
      const rest = await Promise.all(others.map((login) => readPerson(register.db, login)))
      return { people: [...people, ...rest].map((person) => presentPerson(person, sites)) }
    },
    async setPerson({ params, body }, { who }) {
      const login = normaliseLogin(params.login)
      if (login === undefined)
        throw new AppError('invalid', 'Nobody can have this name.', {
          fields: [{ path: 'login', message: 'not a sign-in name' }],
        })
      await meet(dependencies, login)
      const { decision, reason, quota } = body
      await savePerson(register.db, login, {
        ...(decision !== undefined && { decision }),
        ...(reason !== undefined && { reason }),
        ...(quota !== undefined && quotaColumns(quota)),
      })
      // A reason is for a decision; with none left it would puzzle whoever reads it.
      const after = await readPerson(register.db, login)
      if (reason === undefined && after.decision === 'group' && !hasOwnQuota(after))
        await savePerson(register.db, login, { reason: null })
      log.info({ by: who.login, login, decision, quota, reason }, 'decided about a person')
      return presentPerson(await readPerson(register.db, login), await listSites(register.db))
    },
  }
}

// A decision about a name that nobody has would be a trap for whoever gets it later.
async function meet({ register, directory, log }: Dependencies, login: string): Promise<void> {
  if (!directory || (await hasPerson(register.db, login))) return
  const person = await directory.find(login).catch((error: unknown) => {
    log.info({ login, err: error }, 'decided without asking the directory')
    return null
  })
  if (person === undefined) throw new AppError('not_found', `The directory knows nobody called ${login}.`)
  if (person)
    await savePerson(register.db, login, {
      name: person.name,
      administrator: person.administrator ? 1 : 0,
      creator: person.creator ? 1 : 0,
    })
}

function quotaColumns(quota: { [K in keyof Quota]?: Quota[K] | undefined } | null) {
  if (quota === null)
    return { quota_sites: null, quota_cpu_milli: null, quota_memory_bytes: null, quota_disk_bytes: null }
  return {
    ...(quota.sites !== undefined && { quota_sites: quota.sites }),
    ...(quota.cpuMilli !== undefined && { quota_cpu_milli: quota.cpuMilli }),
    ...(quota.memoryBytes !== undefined && { quota_memory_bytes: quota.memoryBytes }),
    ...(quota.diskBytes !== undefined && { quota_disk_bytes: quota.diskBytes }),
  }
}

function presentPerson(person: PersonRecord, sites: SiteRecord[]): Person {
  const own = sites.filter((site) => site.owner === person.login)
  return {
    login: person.login,
    name: person.name,
    administrator: person.administrator === 1,
    mayCreate: mayCreate(person),
    decision: person.decision,
    quota: quotaOf(person),
    quotaFrom: hasOwnQuota(person) ? 'administrator' : 'group',
    ...(person.reason !== null && { reason: person.reason }),
    used: sumUse(own.filter(counts)),
    sites: own.map((site) => site.name),
    ...(person.last_sign_in_at !== null && { lastSignInAt: person.last_sign_in_at }),
  }
}
