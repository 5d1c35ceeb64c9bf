import { access, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import type { Client } from '../../../client/client.js'
import { AppError, asAppError } from '../../../model/errors.js'
import type { Operation } from '../../../model/operation.js'
import type { Note } from '../../../model/progress.js'
import type { Site } from '../../../model/site.js'
import { type Stack, stackName } from '../../../model/stack.js'
import { callAgent } from '../call-agent.js'
import type { Paths } from '../paths.js'
import { waitUntil } from '../wait-until.js'

/** What the first site is made of; its template is built before anything else. */
export const FIRST_STACK: Stack = { server: 'nginx', language: 'php', database: 'mariadb' }
const FIRST_SITE = 'hello'
const OWNER = 'claire'
const ANSWER_MS = 60_000

interface Start {
  client: Client
  paths: Paths
  signal: AbortSignal
}

const notes =
  (note: Note) =>
  ({ steps, message, percent }: Operation): void =>
    note({ step: steps.at(-1)?.name ?? 'waiting', message, percent })

/** Builds the template of the first site when there is none, or its recipes are others now; an older one does when that fails (no way to the archive). */
export async function ensureFirstTemplate(
  { client, paths, say, signal }: Start & { say(line: string): void },
  note: Note,
): Promise<void> {
  const { built } = await callAgent(paths.agentSocket, 'template.choices', {})
  try {
    const { operation } = await client.call('buildTemplate', { body: { stack: FIRST_STACK } })
    await client.waitForOperation(operation, notes(note), signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!built.includes(stackName(FIRST_STACK))) throw error
    say(`The template that is there is used: ${asAppError(error).message}`)
  }
}

/** Creates the first site, once in the life of a platform: whoever deletes it does not get it back. Answers the site when it is there. */
export async function ensureFirstSite({ client, paths, signal }: Start, note: Note): Promise<Site | undefined> {
  const mark = join(paths.lib, 'first-site')
  const made = await access(mark).then(
    () => true,
    () => false,
  )
  const find = () =>
    client.call('getSite', { params: { name: FIRST_SITE } }).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return undefined
      throw error
    })
  if (!made && !(await find())) {
    const body = { name: FIRST_SITE, stack: FIRST_STACK, owner: OWNER }
    const { operation } = await client.call('createSite', { body })
    await client.waitForOperation(operation, notes(note), signal)
  }
  if (!made) await writeFile(mark, `${FIRST_SITE}\n`, { mode: 0o600 })
  return find()
}

/** Waits until a running site answers as a visitor sees it: by name, over HTTPS, with our authority trusted. */
export async function waitForAnswer(site: Site, caFile: string, address: string, signal: AbortSignal): Promise<void> {
  const ca = await readFile(caFile)
  const { hostname, port } = new URL(site.url)
  const look = () =>
    new Promise<boolean>((resolve) => {
      const ask = request(
        { host: address, port: port || 443, servername: hostname, headers: { host: hostname }, ca, timeout: 5000 },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode === 200)
        },
      )
      ask.on('timeout', () => ask.destroy())
      ask.on('error', () => resolve(false))
      ask.end()
    })
  await waitUntil(`${site.url} answers`, look, ANSWER_MS, signal)
}
