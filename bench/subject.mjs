import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { until } from './run.mjs'

const HERE = new URL('.', import.meta.url).pathname
const context = { actor: 'bench' }

/** The parts of the product that are measured, and the settings with which its tests run it. */
async function loadSubject() {
  const contents = `export { openLocalEngine, stopAllContainers } from '../src/engine/local/local-engine.js'
export { settingsFor, specFor } from '../tests/helpers/agent.js'`
  const outfile = join(HERE, '../.cache/bench-subject.mjs')
  const common = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error', external: ['esbuild'] }
  await build({ ...common, stdin: { contents, resolveDir: HERE, loader: 'ts' }, outfile })
  return import(outfile)
}

/** An agent of its own, below `folder`. */
export async function startAgent(folder, group) {
  const subject = await loadSubject()
  const settings = subject.settingsFor(folder, group.replace('ruche-', ''))
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'agent.json')
  writeFileSync(file, JSON.stringify(settings))
  const log = []
  const child = spawn(process.execPath, [join(HERE, '../dist/agent.mjs'), '--settings', file])
  child.stdout.on('data', (chunk) => log.push(chunk))
  child.stderr.on('data', (chunk) => log.push(chunk))
  const socket = join(settings.runFolder, 'agent.sock')
  const engine = subject.openLocalEngine(socket)
  await until('the agent answers', () => engine.hostStatus()).catch((error) => {
    throw new Error(`${error.message}\n${Buffer.concat(log)}`)
  })
  return {
    engine,
    specFor: subject.specFor,
    text: () => Buffer.concat(log).toString(),
    context,
    async close() {
      await subject.stopAllContainers(socket, context)
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}
