import { join } from 'node:path'
import { build } from 'esbuild'

const HERE = new URL('.', import.meta.url).pathname

/** Parts of the product and of its tests' helpers, in one file that can be imported: `exports` are lines of TypeScript. */
export async function bundle(name, exports) {
  const outfile = join(HERE, `../.cache/bench-${name}.mjs`)
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" }
  const common = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error', banner }
  const external = ['esbuild', '@photostructure/sqlite', 'pg-native', 'pino', 'fastify', '@fastify/*']
  await build({ ...common, external, stdin: { contents: exports, resolveDir: HERE, loader: 'ts' }, outfile })
  return import(outfile)
}
