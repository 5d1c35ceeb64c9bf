// Which test shows which promise: titles of tests begin with ids of tests/promises.json (`'NET-2, NET-3: …'`).
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const IDS = /[A-Z]{3}-\d+(?:, [A-Z]{3}-\d+)*(?=: )/
const TITLE = new RegExp(`['"\`](${IDS.source})`, 'g')

export async function readCatalogue(root = '.') {
  return JSON.parse(await readFile(join(root, 'tests/promises.json'), 'utf8'))
}

/** Ids of every title in the sources of the tests: id → files, in order. */
export async function readTitles(root = '.') {
  const found = new Map()
  for (const file of await listTests(root)) {
    const text = await readFile(join(root, file), 'utf8')
    for (const id of [...text.matchAll(TITLE)].flatMap((match) => match[1].split(', ')))
      found.set(id, [...new Set([...(found.get(id) ?? []), file])])
  }
  return found
}

async function listTests(root) {
  const folders = await Promise.all(
    ['src', 'tests'].map((folder) => readdir(join(root, folder), { withFileTypes: true, recursive: true })),
  )
  return folders
    .flat()
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root === '.' ? 0 : root.length + 1))
    .sort()
}

/** What is wrong between catalogue and titles, in words. */
export function findProblems({ tests }, titles) {
  const unknown = [...titles].filter(([id]) => !tests[id]).map(([id, files]) => `${files[0]}: there is no id ${id}`)
  const missing = Object.entries(tests)
    .filter(([id, { waitsFor }]) => waitsFor === undefined && !titles.has(id))
    .map(([id, { shows }]) => `${id} has no test: ${shows}`)
  const early = Object.entries(tests)
    .filter(([id, { waitsFor }]) => waitsFor !== undefined && titles.has(id))
    .map(([id, { waitsFor }]) => `${id} has a test but is said to wait for ${waitsFor}`)
  return [...unknown, ...missing, ...early]
}

/** The table promise → tests of docs/design/security.md. */
export function renderTable({ promises, tests }, titles) {
  const sections = promises.map((promise, index) => {
    const rows = Object.entries(tests).filter(([, test]) => test.promise === index + 1)
    const lines = rows.map(([id, test]) => `| ${id} | ${test.shows} | ${renderTests(test, titles.get(id) ?? [])} |`)
    return `### ${index + 1}. ${promise}\n\n| id | shows | tests |\n|---|---|---|\n${lines.join('\n')}\n`
  })
  return sections.join('\n')
}

function renderTests({ waitsFor }, files) {
  if (waitsFor !== undefined) return `waits for ${waitsFor}`
  if (files.length === 0) return 'none'
  return files.map((file) => `[${file.replace(/^(tests|src)\/|\.test\.tsx?$/g, '')}](../../${file})`).join(', ')
}

/** Lines that say how the promises fared in a run, from vitest's JSON report; promises without a test in it are left out. */
export function summarise({ promises, tests }, report) {
  const results = (report.testResults ?? []).flatMap((file) => file.assertionResults).flatMap(readResult)
  const rows = promises.map((promise, index) => {
    const own = results.filter(({ ids }) => ids.some((id) => tests[id]?.promise === index + 1))
    const failed = own.filter(({ passed }) => !passed).length
    return { line: renderResult(index + 1, promise, own.length, failed), count: own.length }
  })
  return rows.filter(({ count }) => count > 0).map(({ line }) => line)
}

function readResult({ ancestorTitles = [], title, status }) {
  const ids = [...ancestorTitles, title].flatMap((text) => text.match(`^${IDS.source}`)?.[0].split(', ') ?? [])
  return ids.length === 0 ? [] : [{ ids, passed: status === 'passed' }]
}

function renderResult(number, promise, count, failed) {
  const verdict = failed === 0 ? 'kept' : `NOT KEPT: ${failed} failed`
  return `${String(number).padStart(2)}. ${promise}: ${count} ${count === 1 ? 'test' : 'tests'}, ${verdict}`
}
