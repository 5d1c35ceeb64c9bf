import { createHash } from 'node:crypto'
import type { TemplateManifest } from '../../model/template.js'
import type { LoadedRecipe } from './recipe.js'

/** Changes when the build itself makes another tree of the same recipes. */
const BUILD_FORMAT = 1

/** Pure: SHA-256 over everything in the recipes that shapes a template. */
export function digestRecipes(
  recipes: LoadedRecipe[],
  suite: string,
  architecture: string,
  extra: readonly string[] = [],
): string {
  const hash = createHash('sha256')
  const add = (text: string) => hash.update(`${Buffer.byteLength(text)}:${text}`)
  for (const part of [String(BUILD_FORMAT), suite, architecture]) add(part)
  for (const { kind, name, files } of recipes) {
    add(`${kind}/${name}`)
    for (const file of files) {
      add(`${file.path} ${file.mode.toString(8)}`)
      hash.update(`${file.content.length}:`).update(file.content)
    }
  }
  for (const name of extra) add(`+${name}`)
  return hash.digest('hex')
}

/** Pure: SHA-256 that names a template, over its recipes and the exact packages in it. */
export function digestTemplate(recipesDigest: string, packages: TemplateManifest['packages']): string {
  const hash = createHash('sha256').update(`${recipesDigest}\n`)
  for (const { name, version } of packages) hash.update(`${name} ${version}\n`)
  return hash.digest('hex')
}
