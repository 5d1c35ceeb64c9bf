// `npm test` after the bootstrap: checks, templates (outside any test's own network), every test, and a look at what was left behind.
// `npm run test:faults` is the same for the long runs of tests/faults, without the checks: those that show a promise, or with RUCHE_FAULTS=all every one.
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { readCatalogue, readTitles, summarise } from './promises.mjs'
import { run } from './run.mjs'
import { elapsedSeconds, say, step } from './say.mjs'
import { findTraces } from './traces.mjs'

process.chdir(new URL('..', import.meta.url).pathname)
process.env.RUCHE_TEMPLATES ??= '/var/cache/ruche/templates'
const [first, ...rest] = process.argv.slice(2)
const faults = first === '--faults'
const projects = faults ? ['faults'] : ['unit', 'root', 'browser']
const asked = faults ? rest : process.argv.slice(2)
const isSample = faults && asked.length === 0 && process.env.RUCHE_FAULTS !== 'all'
const filters = isSample ? await listFaultsOfPromises() : asked
/** What the ordinary tests use, and the long runs that show a promise. */
const ORDINARY = [
  'nginx-static-none',
  'nginx-php-none',
  ...['mariadb', 'postgresql', 'sqlite'].map((database) => `nginx-php-${database}`),
]
/** Beside these the other long runs look at each server, language and database once; with RUCHE_STACKS=all at every combination. */
const EACH_PART_ONCE = [...ORDINARY, ...['nginx-node-none', 'nginx-python-none', 'apache-python-sqlite']]
const REPORT = `.cache/${faults ? 'faults' : 'test'}-report.json`
const before = await findTraces()
const results = []

if (!faults) await section('npm run check', () => run('node', ['scripts/check.mjs'], { show: true }))
if (faults && !isSample) process.env.RUCHE_STACKS ??= EACH_PART_ONCE.join()
for (const stack of planStacks())
  await section(`ruche template build ${stack}`, () =>
    run('node', ['bin/ruche', 'template', 'build', stack], {
      show: true,
      env: { RUCHE_TEMPLATES_FOLDER: process.env.RUCHE_TEMPLATES },
    }),
  )
if (faults && !isSample) await section('packages of WordPress', fetchWordpress)
const counts = await runTests()
await section('nothing is left behind', async () => {
  const left = (await findTraces()).filter((trace) => !before.includes(trace))
  if (left.length) throw new Error(`left behind:\n${left.join('\n')}`)
})

const passed = counts.passed + results.filter(Boolean).length
const failed = counts.failed + results.filter((ok) => !ok).length
for (const line of counts.promises) say(line)
say(`${(elapsedSeconds() / 60).toFixed(1)} minutes`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && counts.passed > 0 ? 0 : 1

// A test's own network leads nowhere, so what it installs is here before. apt-get(8) download writes into the working folder.
async function fetchWordpress() {
  const folder = '.cache/wordpress'
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).some((name) => name.endsWith('.deb'))) return
  const names = ['wordpress', 'wordpress-theme-twentytwentythree', 'php-getid3', 'libjs-underscore', 'libjs-cropper']
  await run('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', ...names], { cwd: folder })
}

/** Each promise is shown; what only shows that something works, as another stack, is left to the whole. */
async function listFaultsOfPromises() {
  const files = [...(await readTitles()).values()].flat()
  return [...new Set(files)].filter((file) => file.startsWith('tests/faults/')).sort()
}

function planStacks() {
  if (!faults || isSample) return ORDINARY
  if (process.env.RUCHE_STACKS === 'all') return ['--all']
  return [...new Set([...EACH_PART_ONCE, ...process.env.RUCHE_STACKS.split(',')])]
}

async function section(name, work) {
  const error = await step(name, () => work()).then(
    () => undefined,
    (thrown) => thrown,
  )
  results.push(!error)
  if (error) say(`FAILED ${name}\n${error.message}`)
}

async function runTests() {
  await mkdir('.cache', { recursive: true })
  const chosen = projects.map((project) => `--project=${project}`)
  const args = ['run', ...chosen, '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`, ...filters]
  const ended = await run('node_modules/.bin/vitest', args, { show: true }).then(
    () => true,
    () => false,
  )
  const report = JSON.parse(await readFile(REPORT, 'utf8').catch(() => '{}'))
  const failed = (report.numFailedTests ?? 0) + (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
  // A file that cannot even be loaded has no test to count.
  const broken = (report.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  const promises = summarise(await readCatalogue(), report)
  return { passed: report.numPassedTests ?? 0, failed: failed + broken || (ended ? 0 : 1), promises }
}
