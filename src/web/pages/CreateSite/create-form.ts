import type { CreateSite } from '../../../model/api/sites.js'
import { Limits, type Quota } from '../../../model/limits.js'
import type { Stack } from '../../../model/stack.js'
import { findRoom, type LimitForm, type Room, toLimitForm, toLimits } from '../../parts/limit-form.js'

export interface CreateForm extends Stack {
  name: string
  /** Name of the model that it begins as a copy of; empty: none. */
  model: string
  domain: string
  owner: string
  limits: LimitForm
}

/** What is filled in beforehand: what the server proposes, and no more than the quota leaves. */
export function planCreateForm(
  defaults: { name: string; stack: Stack; limits: Limits },
  quota: Quota,
  used: Quota,
): CreateForm {
  const room = findRoom(quota, used)
  const least = (name: keyof Room) => Math.min(defaults.limits[name], room[name])
  const limits = { cpuMilli: least('cpuMilli'), memoryBytes: least('memoryBytes'), diskBytes: least('diskBytes') }
  return { name: defaults.name, ...defaults.stack, model: '', domain: '', owner: '', limits: toLimitForm(limits) }
}

/** What of the quota leaves no room for even the smallest site, if anything. */
export function findQuotaLimit(quota: Quota, used: Quota): keyof Quota | undefined {
  if (used.sites >= quota.sites) return 'sites'
  const room = findRoom(quota, used)
  const names = ['cpuMilli', 'memoryBytes', 'diskBytes'] as const
  return names.find((name) => room[name] === 0 || !Limits.shape[name].safeParse(room[name]).success)
}

/** The request that a filled form means. */
export function toCreateSite({
  name,
  model,
  server,
  language,
  database,
  domain,
  owner,
  limits,
}: CreateForm): CreateSite {
  return {
    name,
    ...(model ? { model } : { stack: { server, language, database } }),
    limits: toLimits(limits),
    ...(domain.trim() && { domains: [domain.trim()] }),
    ...(owner.trim() && { owner: owner.trim() }),
  }
}

/** The input of the form to which a field of the server's answer belongs. */
export function findFormField(path: string): 'name' | 'model' | 'domain' | 'owner' | 'limits' | 'server' | undefined {
  const first = path.replace(/^body\./, '').split('.')[0]
  if (first === 'domains') return 'domain'
  if (first === 'stack') return 'server'
  return first === 'name' || first === 'model' || first === 'owner' || first === 'limits' ? first : undefined
}
