import { expect, it } from 'vitest'
import { CreateSite } from '../../../model/api/sites.js'
import { DEFAULT_LIMITS, DEFAULT_QUOTA } from '../../../model/limits.js'
import { DEFAULT_STACK } from '../../../model/stack.js'
import { findFormField, findQuotaLimit, planCreateForm, toCreateSite } from './create-form.js'

const defaults = { name: 'notes', stack: DEFAULT_STACK, limits: DEFAULT_LIMITS }
const nothing = { sites: 0, cpuMilli: 0, memoryBytes: 0, diskBytes: 0 }

it('proposes what makes a valid request without a change', () => {
  const request = toCreateSite(planCreateForm(defaults, DEFAULT_QUOTA, nothing))
  expect(CreateSite.parse(request)).toEqual({
    name: 'notes',
    stack: DEFAULT_STACK,
    limits: { cpuMilli: 1000, memoryBytes: 256 * 1024 ** 2, diskBytes: 1024 ** 3 },
  })
})

it('proposes no more than the quota leaves', () => {
  const used = { ...nothing, memoryBytes: DEFAULT_QUOTA.memoryBytes - 128 * 1024 ** 2 }
  expect(planCreateForm(defaults, DEFAULT_QUOTA, used).limits.memoryMb).toBe('128')
})

it('sends a domain and an owner only where they were typed', () => {
  const form = { ...planCreateForm(defaults, DEFAULT_QUOTA, nothing), domain: ' example.org ', owner: 'ada' }
  expect(toCreateSite(form)).toMatchObject({ domains: ['example.org'], owner: 'ada' })
})

it('sends a model in place of a stack', () => {
  const request = toCreateSite({ ...planCreateForm(defaults, DEFAULT_QUOTA, nothing), model: 'shop' })
  expect(CreateSite.parse(request)).toMatchObject({ model: 'shop' })
  expect(request).not.toHaveProperty('stack')
})

it('finds the input of a wrong field', () => {
  expect(findFormField('domains.0')).toBe('domain')
  expect(findFormField('body.name')).toBe('name')
  expect(findFormField('elsewhere')).toBeUndefined()
})

it('tells which part of the quota is used up', () => {
  expect(findQuotaLimit(DEFAULT_QUOTA, nothing)).toBeUndefined()
  expect(findQuotaLimit(DEFAULT_QUOTA, { ...nothing, sites: DEFAULT_QUOTA.sites })).toBe('sites')
  const used = { ...nothing, memoryBytes: DEFAULT_QUOTA.memoryBytes - 1024 }
  expect(findQuotaLimit(DEFAULT_QUOTA, used)).toBe('memoryBytes')
})
