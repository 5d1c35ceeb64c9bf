import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../../model/site-settings.js'
import { findInput, planSettings, toVisitorsForm } from './visitors-form.js'

it('sends nothing for what was not changed', () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    allow: ['192.0.2.0/24'],
    redirects: [{ from: '/a', to: '/b', status: 301 as const }],
  }
  expect(planSettings(settings, toVisitorsForm(settings))).toEqual({})
})

it('reads lines, and keeps the commas of a group', () => {
  const form = {
    ...toVisitorsForm(DEFAULT_SETTINGS),
    allow: ' 192.0.2.1, 2001:db8::/32\n\n',
    visitorGroups: 'cn=readers,ou=groups,dc=example\nteachers\n',
    uploadBytes: '1048576',
    password: 'open sesame',
  }
  expect(planSettings(DEFAULT_SETTINGS, form)).toEqual({
    allow: ['192.0.2.1', '2001:db8::/32'],
    visitorGroups: ['cn=readers,ou=groups,dc=example', 'teachers'],
    uploadBytes: 1048576,
    password: 'open sesame',
  })
})

it('finds the input of an error', () => {
  const of = (path: string) => findInput({ path, message: 'x' })
  expect([of('body.redirects.2.to'), of('allow.1'), of('password'), of('elsewhere')]).toEqual([
    'redirects.2.to',
    'allow',
    'password',
    undefined,
  ])
})
