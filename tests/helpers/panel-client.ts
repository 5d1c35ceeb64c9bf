import type { FastifyInstance, InjectOptions } from 'fastify'
import type { ApiEntry } from '../../src/model/api/entry.js'
import { type ApiInput, type ApiName, type ApiResult, api } from '../../src/model/api.js'
import type { Operation } from '../../src/model/operation.js'
import type { TestBrain } from './test-brain.js'

export const ORIGIN = 'https://ruche.localhost'
export const COOKIE = '__Host-ruche'
export const PANEL = { origin: ORIGIN, cookie: { name: COOKIE, secure: true }, webFolder: '/nonexistent' }

/** One browser, signed in or not, that speaks to an app without a network. */
export class PanelClient {
  cookie: string | undefined
  csrfToken = ''
  /** Headers of a browser's own page; tests change them to play another site's. */
  headers: Record<string, string> = { host: 'ruche.localhost', origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

  constructor(readonly app: FastifyInstance) {}

  async signIn(login: string, password = `${login}-pass`): Promise<this> {
    const answer = await this.send('signIn', { body: { login, password } })
    if (answer.statusCode !== 200) throw new Error(answer.body)
    this.csrfToken = (answer.json() as { csrfToken: string }).csrfToken
    return this
  }

  /** Any request of the table, checked by nobody. */
  async send(name: ApiName, input: object = {}, extra: InjectOptions = {}) {
    const entry: ApiEntry = api[name]
    const { params = {}, query = {}, body } = input as Record<string, Record<string, string>>
    const path = entry.path.replace(/:([a-z]+)/gi, (_, key: string) => encodeURIComponent(params[key] ?? key))
    const search = new URLSearchParams(query).toString()
    const answer = await this.app.inject({
      method: entry.method,
      url: search === '' ? path : `${path}?${search}`,
      ...(body !== undefined && { payload: body }),
      ...extra,
      headers: {
        ...this.headers,
        ...(this.cookie !== undefined && { cookie: `${COOKIE}=${this.cookie}` }),
        ...(entry.method !== 'GET' && { 'x-csrf-token': this.csrfToken }),
        ...(extra.headers as Record<string, string> | undefined),
      },
    })
    const kept = answer.cookies.find((cookie) => cookie.name === COOKIE)
    if (kept) this.cookie = kept.value === '' ? undefined : kept.value
    return answer
  }

  /** A call that must be answered with success. */
  async call<N extends ApiName>(name: N, input?: ApiInput<N>): Promise<ApiResult<N>> {
    const answer = await this.send(name, input as object)
    if (answer.statusCode !== 200) throw new Error(`${name}: ${answer.statusCode} ${answer.body}`)
    return answer.json() as ApiResult<N>
  }

  /** A slow verb that is waited for. */
  async finish<N extends ApiName>(brain: TestBrain, name: N, input?: ApiInput<N>): Promise<Operation> {
    const { operation } = (await this.call(name, input)) as { operation: string }
    return waitFor(brain, operation)
  }
}

/** The operation when it has ended. */
export async function waitFor(brain: TestBrain, id: string): Promise<Operation> {
  await brain.dependencies.operations.ended(id)
  const operation = await brain.dependencies.operations.find(id)
  if (!operation) throw new Error(`no operation ${id}`)
  return operation
}

/** Waits for a condition with a deadline. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const end = Date.now() + deadlineMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}
