// Writes the table of docs/design/security.md from the tests' titles: `node scripts/security-page.mjs`; with --check it only says what is wrong.
import { readFile, writeFile } from 'node:fs/promises'
import { findProblems, readCatalogue, readTitles, renderTable } from './promises.mjs'

process.chdir(new URL('..', import.meta.url).pathname)
const PAGE = 'docs/design/security.md'
const NOTE = '<!-- What follows is written by scripts/security-page.mjs from the titles of the tests. -->\n'

const catalogue = await readCatalogue()
const titles = await readTitles()
const before = await readFile(PAGE, 'utf8')
const after = `${before.split(NOTE)[0]}${NOTE}\n${renderTable(catalogue, titles)}`
const isCheck = process.argv.includes('--check')
const problems = findProblems(catalogue, titles)
if (isCheck && after !== before) problems.push(`${PAGE} is not up to date: run node scripts/security-page.mjs`)
if (!isCheck) await writeFile(PAGE, after)
for (const problem of problems) console.error(problem)
if (isCheck && problems.length > 0) process.exitCode = 1
