import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findTemplate, templateTree } from '../../src/agent/rootfs/template-store.js'
import { findStack } from '../../src/model/stack.js'
import { specFor, startAgent } from '../helpers/agent.js'
import { succeed } from '../helpers/programs.js'

const context = { actor: 'test' }
const STACK = 'nginx-static-none'
const templates = process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates'

/** A template whose language has a service that runs and never answers. */
async function makeBadTemplate(folder: string): Promise<void> {
  const stack = findStack(STACK)
  const manifest = stack && (await findTemplate(templates, stack))
  if (!manifest) throw new Error(`${STACK} is not built`)
  const tree = join(folder, manifest.digest, 'tree')
  await mkdir(join(folder, manifest.digest), { recursive: true })
  await mkdir(join(folder, 'stacks'))
  await succeed('cp', ['--archive', '--reflink=auto', '--', templateTree(templates, manifest.digest), tree])
  const service = join(tree, 'usr/share/ruche/run/service/mute')
  await mkdir(service)
  await writeFile(join(service, 'run'), '#!/bin/sh\necho mute: I say nothing\nexec sleep 1000\n')
  await chmod(join(service, 'run'), 0o755)
  const mute = { name: 'mute', stopOrder: 20, stopGraceMs: 1000, ready: ['tcp:9999'], recipe: 'language/static' }
  const changed = { ...manifest, services: [...manifest.services, mute] }
  await writeFile(join(folder, manifest.digest, 'template.json'), JSON.stringify(changed))
  await cp(join(templates, 'stacks', `${STACK}.json`), join(folder, 'stacks', `${STACK}.json`))
}

test('a service that never answers fails the start with its name and its recipe, and nothing of it goes on', async () => {
  const agent = await startAgent(undefined, async (settings, root) => {
    settings.templatesFolder = join(root, 'templates')
    await makeBadTemplate(settings.templatesFolder)
  })
  try {
    await agent.engine.create(specFor('mute', 12, STACK), context)
    await expect(agent.engine.start('mute', context)).rejects.toMatchObject({
      code: 'timed_out',
      message: expect.stringMatching(
        /^The service mute of the recipe language\/static did not answer in time \(.*tcp:9999/,
      ),
    })
    expect(await agent.engine.find('mute')).toMatchObject({
      phase: 'failed',
      reason: expect.stringContaining('language/static'),
    })
    expect((await agent.engine.logs('mute', 50)).map(({ text }) => text).join('\n')).toContain('I say nothing')
    await agent.engine.destroy('mute', context)
    expect(await agent.engine.list()).toEqual([])
    expect(await readdir(join(agent.settings.stateFolder, 'sites'))).toEqual([])
    const mounts = await readFile('/proc/self/mountinfo', 'utf8')
    expect(mounts).not.toContain(agent.root)
    const links = await agent.inside('ip', '-o', 'link')
    expect(links.stdout).not.toContain('rv12')
  } finally {
    await agent.close()
    await rm(agent.root, { recursive: true, force: true })
  }
}, 300_000)
