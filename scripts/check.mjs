// `npm run check`: types, lint, floor plan, dead code, house rules. Every rule has a planted violation in tests/house.
import { availableParallelism } from 'node:os'
import { checkHouse } from './house-rules.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

process.chdir(new URL('..', import.meta.url).pathname)

const checks = {
  lint: () => run('node_modules/.bin/biome', ['check', '--error-on-warnings', '.']),
  types: async () => {
    await run('node_modules/.bin/tsc', ['-b', 'src/agent', 'src/server', 'src/cli', 'src/web'])
    await run('node_modules/.bin/tsc', ['-p', 'tests'])
  },
  'floor plan': floorPlan,
  'dead code': () => run('node_modules/.bin/knip', ['--no-progress']),
  'house rules': async () => {
    const problems = await checkHouse('.')
    if (problems.length) throw new Error(problems.join('\n'))
  },
}

// A tool that reads no module would report success.
async function floorPlan() {
  const { stdout } = await run('node_modules/.bin/depcruise', [
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err',
    'src',
  ])
  const modules = Number(/\((\d+) modules/.exec(stdout)?.[1] ?? 0)
  if (modules < 50) throw new Error(`dependency-cruiser read only ${modules} modules`)
}

let failed = 0
const queue = Object.entries(checks)
await Promise.all(
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [name, check] = next
      const error = await check().then(
        () => undefined,
        (thrown) => thrown,
      )
      say(`${error ? 'FAILED' : 'ok    '} ${name}`)
      if (error) {
        failed++
        say(error.message)
      }
    }
  }),
)
process.exitCode = failed ? 1 : 0
