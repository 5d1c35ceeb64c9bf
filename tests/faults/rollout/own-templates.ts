import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { vi } from 'vitest'
import { aptFolders } from '../../../src/agent/rootfs/apt.js'
import { bringKeptPackages, SHARED_TEMPLATES } from '../../helpers/kept-packages.js'
import { type Platform, startPlatform } from '../../helpers/platform.js'
import { type Archive, openArchive } from './archive.js'

/** A platform that makes templates of its own, out of an archive on this machine: nothing is needed of the world. */
export interface OwnTemplates {
  platform: Platform
  archive: Archive
  close(): Promise<void>
}

/** `more`: packages that the recipe of nginx wants besides; `publish` them before anything is built. */
export async function openOwnTemplates(
  stack: string,
  { more, publish }: { more: string[]; publish(archive: Archive): Promise<void> },
): Promise<OwnTemplates> {
  const folder = await mkdtemp('/tmp/ruche-templates-')
  const templates = join(folder, 'templates')
  await bringKeptPackages(stack, templates)
  await bringRecipes(join(folder, 'recipes'), more)
  const archive = await openArchive(join(folder, 'archive'), aptFolders(SHARED_TEMPLATES).archives)
  await publish(archive)
  vi.stubEnv('RUCHE_TEMPLATES', templates)
  const platform = await startPlatform(
    `recipes = "${folder}/recipes"\nsources = ["${archive.line}"]\nnightly = "off"\n`,
  )
  await platform.json('template', 'build', stack)
  return {
    platform,
    archive,
    close: async () => {
      await platform.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function bringRecipes(to: string, more: string[]): Promise<void> {
  await cp(resolve('templates'), to, { recursive: true })
  const file = join(to, 'server/nginx/recipe.json')
  const recipe = JSON.parse(await readFile(file, 'utf8')) as { packages: string[] }
  await writeFile(file, JSON.stringify({ ...recipe, packages: [...recipe.packages, ...more] }))
}
