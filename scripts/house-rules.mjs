// House rules that no tool knows: names, sizes, reasons for dependencies, words that must not be there.
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

const BANNED_NAMES = /(^|[-/])(utils?|helpers?|common|shared|misc|lib|core|managers?|services?|handlers?)([-./]|$)/i
const SHELL = [
  /\bshell\s*:\s*true/,
  /\bexecSync\s*\(/,
  /\bspawnSync\s*\(/,
  /['"`](?:\/bin\/)?(?:ba)?sh['"`]\s*,\s*\[\s*['"`]-c/,
]

/** Problems of the house at `root`, in words; none when all is well. */
export async function checkHouse(root) {
  const sources = await listFiles(join(root, 'src'))
  const problems = []
  for (const file of sources) {
    const inRoom = file.slice(join(root, 'src').length)
    if (BANNED_NAMES.test(inRoom))
      problems.push(`${file}: a file is named after what it exports, not ${BANNED_NAMES.exec(inRoom)?.[2]}`)
    if (!/\.(ts|tsx|c|h|mjs)$/.test(file)) continue
    const text = await readFile(file, 'utf8')
    problems.push(...checkText(file, text))
  }
  problems.push(...(await checkDependencies(root)))
  return problems
}

function checkText(file, text) {
  const problems = []
  const lines = text.split('\n').length
  if (lines > 401) problems.push(`${file}: ${lines} lines, at most 400`)
  if (/@ts-(ignore|expect-error|nocheck)|biome-ignore/.test(text) && !/\.test\.tsx?$/.test(file))
    problems.push(`${file}: a rule is switched off`)
  if (!/\.test\.tsx?$/.test(file) && /\.(ts|tsx)$/.test(file))
    for (const pattern of SHELL)
      if (pattern.test(text)) problems.push(`${file}: no shell and nothing synchronous: ${pattern}`)
  return problems
}

async function checkDependencies(root) {
  const pack = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const reasons = await readFile(join(root, 'docs/design/dependencies.md'), 'utf8').catch(() => '')
  return Object.keys({ ...pack.dependencies, ...pack.devDependencies })
    .filter((name) => !reasons.includes(`\`${name}\``))
    .map((name) => `docs/design/dependencies.md: no line of reason for ${name}`)
}

async function listFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && basename(entry.name) !== 'tsconfig.json')
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}
