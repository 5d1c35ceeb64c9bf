// Writes docs/reference/ from the code: `node scripts/reference.mjs`; with --check it only says what is not up to date.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import * as z from 'zod'

process.chdir(new URL('..', import.meta.url).pathname)
const model = (name) => import(`../dist/model/${name}.js`)
const NOTE = '<!-- Written by scripts/reference.mjs from the code: change it there. -->'

const { api } = await model('api')
const { calls } = await model('calls')
const { Configuration } = await model('configuration')
const { ERROR_CODES } = await model('errors')
const { errorStatus } = await import('../dist/server/error-status.js')
const { exitCodes } = await import('../dist/cli/exit-codes.js')

const pages = {
  'api.md': renderApi(await readCommentsBelow('src/model/api')),
  'agent-calls.md': renderCalls({
    ...(await readComments('src/model/calls.ts')),
    ...(await readComments('src/model/backup-calls.ts')),
  }),
  'configuration.md': renderConfiguration(await readComments('src/model/configuration.ts', /^ {4}(\w+): z/gm)),
  'errors.md': renderErrors(),
}

let stale = 0
await mkdir('docs/reference', { recursive: true })
for (const [name, text] of Object.entries(pages)) {
  const path = `docs/reference/${name}`
  if ((await readFile(path, 'utf8').catch(() => '')) === text) continue
  stale++
  if (process.argv.includes('--check'))
    console.error(`${path} is not what the code says: run node scripts/reference.mjs`)
  else await writeFile(path, text)
}
if (process.argv.includes('--check') && stale > 0) process.exitCode = 1

/** The doc comments of all source files of a folder. */
async function readCommentsBelow(folder) {
  const files = (await readdir(folder)).map((name) => readComments(`${folder}/${name}`))
  return Object.assign({}, ...(await Promise.all(files)))
}

/** The doc comment above each key of a source file; `section` makes the names of keys below a section unique. */
async function readComments(path, section) {
  const text = await readFile(path, 'utf8')
  const found = text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n\s*'?([\w.]+)'?\s*:/g)
  const words = (comment) => comment.replace(/\s*\n\s*\*\s?/g, ' ').trim()
  return Object.fromEntries(
    [...found].map(({ index, 1: comment, 2: key }) => [sectionAt(text, index, section) + key, words(comment)]),
  )
}

function sectionAt(text, index, section) {
  const above = section ? [...text.slice(0, index).matchAll(section)].at(-1) : undefined
  return above ? `${above[1]}.` : ''
}

function renderApi(comments) {
  const rows = Object.entries(api).map(([name, entry]) => {
    const parts = ['params', 'query', 'body']
      .filter((part) => entry[part])
      .map((part) => `\n- ${part}: ${shape(entry[part])}`)
    return `## ${name}\n\n\`${entry.method} ${entry.path}\` · access: ${entry.access}\n\n${comments[name] ?? ''}\n${parts.join('')}\n- answer: ${shape(entry.result)}\n`
  })
  return `${NOTE}\n# HTTP API\n\nOver the panel's address (session cookie, \`x-csrf-token\` on unsafe methods) or the server's unix socket (root of the machine). Errors: \`{error: {code, message, hint?, fields?, id}}\`, see [errors](errors.md).\n\n${rows.join('\n')}`
}

function renderCalls(comments) {
  const rows = Object.entries(calls).map(
    ([name, { params, result }]) =>
      `## ${name}\n\n${comments[name] ?? ''}\n\n- parameters: ${shape(params)}\n- result: ${shape(result)}\n`,
  )
  return `${NOTE}\n# Calls of the agent\n\nThe whole vocabulary of our root process, over \`run/agent.sock\` (root and group \`ruche\` only).\n\n${rows.join('\n')}`
}

function renderConfiguration(comments) {
  const sections = Object.entries(Configuration.shape).map(([section, schema]) => {
    const keys = Object.entries(objectOf(schema).shape).map(([key, value]) => {
      const { default: preset, ...rest } = toJson(value)
      return `| \`${key}\` | ${describe(rest)} | ${preset === undefined ? '' : `\`${preset}\``} | ${comments[`${section}.${key}`] ?? ''} |`
    })
    return `## [${section}]\n\n| key | value | default | |\n|---|---|---|---|\n${keys.join('\n')}\n`
  })
  return `${NOTE}\n# Configuration\n\n\`/etc/ruche/ruche.toml\`. \`RUCHE_<SECTION>_<KEY>\` in the environment sets the same keys and wins over the file.\n\n${sections.join('\n')}`
}

function renderErrors() {
  const rows = ERROR_CODES.map((code) => `| \`${code}\` | ${errorStatus[code]} | ${exitCodes[code]} |`)
  return `${NOTE}\n# Errors\n\n| code | HTTP status | exit code of the command line |\n|---|---|---|\n${rows.join('\n')}\n`
}

function objectOf(schema) {
  return schema.shape ? schema : objectOf(schema.unwrap())
}

function toJson(schema) {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}

function shape(schema) {
  const json = toJson(schema)
  if (json.id) return `\`${json.id}\``
  if (!json.properties) return describe(json)
  const fields = Object.entries(json.properties).map(
    ([key, value]) => `\`${key}${json.required?.includes(key) ? '' : '?'}\` ${describe(value)}`,
  )
  return fields.length ? fields.join(', ') : 'nothing'
}

function describe(json) {
  if (json.$ref) return `\`${json.$ref.split('/').at(-1)}\``
  if (json.id) return `\`${json.id}\``
  if (json.enum) return json.enum.join(' or ')
  if (json.const !== undefined) return String(json.const)
  if (json.anyOf) return json.anyOf.map(describe).join(' or ')
  if (json.type === 'array') return `list of ${describe(json.items ?? {})}`
  if (json.type === 'object') return 'object'
  if (json.type === 'integer') return 'whole number'
  if (json.type === 'null') return 'null'
  return json.type === undefined ? 'anything' : json.type
}
