import type { ApiInput } from '../../../model/api.js'
import type { Person } from '../../../model/person.js'
import { type LimitForm, toLimitForm, toLimits } from '../../parts/limit-form.js'

export interface PersonForm {
  login: string
  decision: Person['decision']
  /** Whether the quota is the person's own; otherwise the group's. */
  ownQuota: boolean
  sites: string
  limits: LimitForm
  reason: string
}

type Decision = ApiInput<'setPerson'>['body']

export function toPersonForm(person: Person): PersonForm {
  return {
    login: person.login,
    decision: person.decision,
    ownQuota: person.quotaFrom === 'administrator',
    sites: String(person.quota.sites),
    limits: toLimitForm(person.quota),
    reason: person.reason ?? '',
  }
}

/** What an administrator decided, as the request that says so. */
export function toDecision(form: PersonForm): Decision {
  return {
    decision: form.decision,
    quota: form.ownQuota ? { sites: Number(form.sites), ...toLimits(form.limits) } : null,
    reason: form.reason.trim(),
  }
}

/** Whoever departs from what the directory's group says gives a reason. */
export function needsReason(form: Pick<PersonForm, 'decision' | 'ownQuota'>): boolean {
  return form.decision !== 'group' || form.ownQuota
}
