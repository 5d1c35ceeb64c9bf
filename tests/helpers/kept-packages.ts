import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { buildTemplate } from '../../src/agent/rootfs/build-template.js'
import { findDebianRelease } from '../../src/agent/rootfs/debian-sources.js'
import { findLastKept, keptPath } from '../../src/agent/rootfs/kept-trees.js'
import { planTemplate } from '../../src/agent/rootfs/plan-template.js'
import { readRecipes } from '../../src/agent/rootfs/recipe.js'
import { findStack } from '../../src/model/stack.js'
import { succeed } from './programs.js'

/** The folder of templates that tests have in common. */
export const SHARED_TEMPLATES = process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates'

/** Puts into a templates' folder of a test's own what builds of a stack start from: its packages but for those of the web server. */
export async function bringKeptPackages(name: string, templates: string): Promise<void> {
  const stack = findStack(name)
  if (!stack) throw new Error(`no stack ${name}`)
  const { stages } = planTemplate(await readRecipes(resolve('templates'), stack))
  const path = keptPath(SHARED_TEMPLATES, await findDebianRelease(), stages.at(-2) ?? [])
  if ((await findLastKept([path])) < 0)
    await buildTemplate(SHARED_TEMPLATES, resolve('templates'), stack, () => undefined, { force: true })
  await mkdir(join(templates, '.kept'), { recursive: true, mode: 0o700 })
  await succeed('cp', ['--archive', '--', path, join(templates, '.kept')])
}
