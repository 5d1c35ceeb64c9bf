import { expect, it } from 'vitest'
import { DEFAULT_QUOTA } from '../../../model/limits.js'
import type { Person } from '../../../model/person.js'
import { needsReason, toDecision, toPersonForm } from './person-form.js'

const person: Person = {
  login: 'ada',
  name: 'Ada',
  administrator: false,
  mayCreate: true,
  decision: 'group',
  quota: DEFAULT_QUOTA,
  quotaFrom: 'administrator',
  reason: 'club',
  used: { sites: 0, cpuMilli: 0, memoryBytes: 0, diskBytes: 0 },
  sites: [],
}

it('says the same again when nothing was changed', () => {
  expect(toDecision(toPersonForm(person))).toEqual({ decision: 'group', quota: DEFAULT_QUOTA, reason: 'club' })
})

it('gives the quota back to the group', () => {
  expect(toDecision({ ...toPersonForm(person), ownQuota: false }).quota).toBeNull()
})

it('asks for a reason only where the group is overridden', () => {
  expect(needsReason({ decision: 'group', ownQuota: false })).toBe(false)
  expect(needsReason({ decision: 'denied', ownQuota: false })).toBe(true)
  expect(needsReason({ decision: 'group', ownQuota: true })).toBe(true)
})
