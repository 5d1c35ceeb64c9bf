// Runs a TypeScript program of the tests on the oldest Node that we support: bundles it, then imports the bundle.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const [program, ...args] = process.argv.slice(2)
if (!program) throw new Error('usage: node tests/helpers/run.mjs PROGRAM.ts [ARGUMENT…]')
const folder = mkdtempSync(join(tmpdir(), 'ruche-run-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
const outfile = join(folder, 'program.mjs')
await build({
  entryPoints: [program],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
})
process.argv = [process.argv[0], program, ...args]
await import(outfile)
