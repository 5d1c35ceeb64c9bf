import { expect, it } from 'vitest'
import { aSite } from '../../../test-data.js'
import { planChanges, toSettingsForm } from './settings-form.js'

const site = aSite()

it('sends nothing when nothing was changed, even where the form rounds', () => {
  expect(planChanges(site, toSettingsForm(site))).toEqual({})
  const odd = { ...site, limits: { ...site.limits, memoryBytes: 256 * 1024 ** 2 + 1 } }
  expect(planChanges(odd, toSettingsForm(odd))).toEqual({})
})

it('sends only what was changed', () => {
  const form = toSettingsForm(site)
  expect(planChanges(site, { ...form, limits: { ...form.limits, cores: '0.5' } })).toEqual({
    limits: { cpuMilli: 500 },
  })
})
