import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const sourcesOf = async (folder: string) => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter(
    (entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name) && !/\.test\./.test(entry.name),
  )
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name)
      return { path, text: await readFile(path, 'utf8') }
    }),
  )
}

test('OPS-2: root runs no package of others but the one that checks shapes', async () => {
  const { metafile } = await build({
    entryPoints: ['src/agent/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  })
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  )
  expect([...new Set(packages)]).toEqual(['zod'])
})

test('OPS-2: packages come from the lock file, each with its digest, and none runs a script when it is installed', async () => {
  expect(await readFile('scripts/bootstrap.mjs', 'utf8')).toContain("['ci', '--ignore-scripts'")
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<string, { integrity?: string; link?: boolean }>
  }
  const loose = Object.entries(lock.packages).filter(
    ([path, { integrity }]) => path !== '' && !integrity?.startsWith('sha512-'),
  )
  expect(loose.map(([path]) => path)).toEqual([])
})

test('OPS-5: no page makes HTML out of text', async () => {
  const raw =
    /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function\(/i
  const found = (await sourcesOf('src/web')).filter(({ text }) => raw.test(text))
  expect(found.map(({ path }) => path)).toEqual([])
})

test('OPS-5: what the agent does in a site it does by a program inside, never by a path of the machine', async () => {
  const sources = await sourcesOf('src/agent')
  const inside = sources.filter(({ path }) => /containers\/(files-|inside|exec|logs)/.test(path))
  expect(inside.length).toBeGreaterThan(5)
  const byPath = /from 'node:fs|durable-files/
  expect(inside.filter(({ text }) => byPath.test(text)).map(({ path }) => path)).toEqual([])
  // Whoever opens files of the machine knows no path of a site, and does not go through a container's root either.
  const sitePaths = /\/home\/site|SITE_HOME|\/proc\/[^'`]*\/(root|cwd)\//
  const openers = sources.filter(({ path, text }) => text.includes("from 'node:fs") && !path.includes('/doctor'))
  expect(openers.filter(({ text }) => sitePaths.test(text)).map(({ path }) => path)).toEqual([])
})
