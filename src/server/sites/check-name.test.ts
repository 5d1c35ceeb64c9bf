import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { buildApp } from '../app.js'
import { findNameProblem, proposeName } from './check-name.js'

describe('names of sites', () => {
  let brain: TestBrain
  beforeAll(async () => {
    brain = await openTestBrain({ configuration: { names: { panel: 'panneau.sites.localhost' } } })
    const root = new PanelClient(await buildApp(brain.dependencies, 'root'))
    for (const name of ['marie', 'marie-2', 'admin-site'])
      await root.finish(brain, 'createSite', { body: { name, start: false } })
  })
  afterAll(() => brain.end())

  it.each([
    ['shop', undefined],
    ['marie', 'this name is taken'],
    ['panneau', 'this name is reserved'],
    ['www', 'this name is reserved'],
    ['x', 'use 2 to 41 lower-case letters, digits and single hyphens, starting with a letter'],
  ])('%s: %s', async (name, problem) => {
    expect(await findNameProblem(brain.dependencies, brain.dependencies.register.db, name)).toBe(problem)
  })

  it.each([
    ['paul', 'paul'],
    ['marie', 'marie-3'],
    ['admin', 'admin-site-2'],
    ['Jean.Dupont', 'jean-dupont'],
    ['hélène', 'helene'],
    ['x', 'x-site'],
    ['日本', 'site'],
    ['42', 'site'],
    ['a--b__c', 'a-b-c'],
    ['someone@example.org', 'someone'],
    [`${'long'.repeat(16)}`, 'long'.repeat(8)],
  ])('proposes for %s %s', async (login, name) => {
    expect(await proposeName(brain.dependencies, brain.dependencies.register.db, login)).toBe(name)
  })
})
