// `npm run bench -- [--quick] [--json]`, as root: what Ruche costs beside its peers, as ratios in one run. Without --quick the results go to docs/bench/.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { plot } from './plot.mjs'
import { print } from './rows.mjs'

const HERE = new URL('.', import.meta.url).pathname
const isQuick = process.argv.includes('--quick')
/** In an order in which the first, which time single milliseconds, find the machine as quiet as it is. */
const PARTS = ['sites', 'proxy', 'names', 'wake', 'api', 'density']

const results = []
const missing = []
const versions = {}
for (const part of PARTS) {
  process.stderr.write(`${part} …\n`)
  const { document, why } = await measure(part)
  if (!document) missing.push({ name: part, why })
  results.push(...(document?.ratios ?? []))
  missing.push(...(document?.missing ?? []))
  Object.assign(versions, document?.versions)
}
const machine = {
  cpus: cpus().length,
  cpu: cpus()[0]?.model,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  kernel: release(),
}
const document = { at: new Date().toISOString(), machine, versions, ratios: results, missing }
if (process.argv.includes('--json')) console.log(JSON.stringify(document, null, 2))
else print(document)
if (!isQuick) {
  const folder = join(HERE, '../docs/bench')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(document, null, 2)}\n`)
  writeFileSync(join(folder, 'results.svg'), plot(document))
}
process.exitCode = missing.some(({ name }) => PARTS.includes(name)) ? 1 : 0

/** One part in a process of its own; what it says besides its document is told with the reason when it fails. */
function measure(part) {
  const args = [join(HERE, `${part}.mjs`), '--json', ...(isQuick ? ['--quick'] : [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [said, errors] = [[], []]
  child.stdout.on('data', (chunk) => said.push(chunk))
  child.stderr.on('data', (chunk) => errors.push(chunk))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const text = Buffer.concat(said).toString()
      try {
        resolve({ document: JSON.parse(text) })
      } catch {
        resolve({ why: readWhy(Buffer.concat(errors).toString()) ?? `it ended with ${code}` })
      }
    })
  })
}

/** The error's own words, without where in the machine it happened. */
function readWhy(text) {
  return /^\w*Error: (.+)$/m.exec(text)?.[1].slice(0, 300)
}
