// Measures every stack and writes docs/reference/stacks.md: `node scripts/stacks.mjs`, as root; all templates must be built. It runs the matrix of
// tests/faults/stacks.test.ts, so what the page says is what that test has seen.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { run } from './run.mjs'

process.chdir(new URL('..', import.meta.url).pathname)
const PAGE = 'docs/reference/stacks.md'
const file = resolve('.cache/stacks.json')

await mkdir('.cache', { recursive: true })
await rm(file, { force: true })
const matrix = ['run', '--project', 'faults', 'tests/faults/stacks.test.ts']
await run('node_modules/.bin/vitest', matrix, { show: true, env: { RUCHE_STACKS_FILE: file } })
await writeFile(PAGE, render(JSON.parse(await readFile(file, 'utf8'))))

function render(rows) {
  const columns = [
    ['stack', ({ stack }) => stack],
    ['language', ({ language }) => language || '–'],
    ['idle, MB', ({ idleMb }) => idleMb.toFixed(1)],
    ['create, ms', ({ createMs }) => createMs],
    ['start → first 200, ms', ({ firstAnswerMs }) => firstAnswerMs],
    ['stop, ms', ({ stopMs }) => stopMs],
    ['tree, MB', ({ treeMb }) => Math.round(treeMb)],
    ['added on disk, MB', ({ addedMb }) => addedMb.toFixed(1)],
  ]
  const line = (cells) => `| ${cells.join(' | ')} |`
  const total = rows.reduce((sum, { addedMb }) => sum + addedMb, 0)
  const untilAnswer = ({ createMs, firstAnswerMs }) => createMs + firstAnswerMs
  const slowest = rows.reduce((one, other) => (untilAnswer(other) > untilAnswer(one) ? other : one))
  const trees = rows.reduce((sum, { treeMb }) => sum + treeMb, 0)
  return `# Stacks

<!-- Written by scripts/stacks.mjs from a run of the matrix: measure again instead of changing it here. -->

Every stack that makes sense, each with a site of 256 MB, two at a time, on ${cpus().length} cores. Times are those of one run and show no more than their size; memory is what all processes of a site have
of their own and their part of what they share with other sites (PSS), after the first visits.

${line(columns.map(([title]) => title))}
${line(columns.map((_, index) => (index < 2 ? '---' : '---:')))}
${rows.map((row) => line(columns.map(([, text]) => text(row)))).join('\n')}

From its creation to its first 200 the slowest, ${slowest.stack}, took ${untilAnswer(slowest)} ms.

*Added on disk*: what the template adds to those above it, because equal files are one on the disk. All ${rows.length} together take ${Math.round(total)} MB where their trees by themselves would take ${Math.round(trees)} MB.
`
}
