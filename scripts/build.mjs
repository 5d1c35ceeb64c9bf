// Builds everything that runs into dist/: launcher (C), TypeScript rooms, the agent's and the server's one-file bundles, the pages.
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.mjs'
import { say, step } from './say.mjs'

const STAMP = 'dist/.inputs'
// CommonJS packages inside an ES module bundle ask for `require`.
const banner = {
  js: "import { createRequire as ruche_require } from 'node:module'; const require = ruche_require(import.meta.url);",
}

export async function build() {
  const inputs = await hashInputs()
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === inputs) return
  say('Building')
  await mkdir('dist', { recursive: true })
  await rm(STAMP, { force: true })
  await step('launcher', () => run('make', ['-C', 'src/agent/launcher', `OUT=${join(process.cwd(), 'dist/launch')}`]))
  await step('TypeScript', () =>
    run('node_modules/.bin/tsc', ['-b', ...['agent', 'server', 'cli', 'web'].map((room) => `src/${room}`)]),
  )
  await step('bundles', bundle)
  await step('pages', () => run('node_modules/.bin/vite', ['build', '--logLevel', 'warn']))
  await writeFile(STAMP, inputs)
}

async function bundle() {
  const { build: esbuild } = await import('esbuild')
  // Agent and server keep their text in memory as long as they run: without comments, some of which would make every character of it take two bytes.
  const small = { minifyWhitespace: true, lineLimit: 160 }
  const common = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'none',
    logLevel: 'error',
    banner,
  }
  await esbuild({ ...common, ...small, entryPoints: ['src/agent/main.ts'], outfile: 'dist/agent.mjs' })
  await esbuild({
    ...common,
    ...small,
    entryPoints: ['src/server/main.ts'],
    outfile: 'dist/app/server.mjs',
    external: ['@photostructure/sqlite', 'pg-native'],
  })
  // One small file: the command line starts in a third of the time.
  await esbuild({ ...common, entryPoints: ['src/cli/main.ts'], outfile: 'dist/ruche.mjs', minify: true })
  await copySqlite()
}

// The server runs as a user who may not be able to read the clone: what it needs is put together in dist/app.
async function copySqlite() {
  const target = 'dist/app/node_modules/@photostructure/sqlite'
  await rm(target, { recursive: true, force: true })
  const source = 'node_modules/@photostructure/sqlite'
  for (const part of ['package.json', 'dist', 'prebuilds'])
    await cp(join(source, part), join(target, part), { recursive: true, dereference: true })
  for (const name of ['node-gyp-build'])
    await cp(join('node_modules', name), join('dist/app/node_modules', name), { recursive: true })
}

async function hashInputs() {
  const hash = createHash('sha256')
  for (const root of ['src', 'scripts', 'vite.config.ts', 'package-lock.json', 'tsconfig.base.json'])
    for (const file of await listFiles(root)) hash.update(`${file}\0`).update(await readFile(file))
  return hash.digest('hex')
}

async function listFiles(path) {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined)
  if (entries === undefined) return [path]
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  process.chdir(new URL('..', import.meta.url).pathname)
  await build()
}
