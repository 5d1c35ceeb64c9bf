import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Operation } from '../model/operation.js'
import { openClient } from './client.js'

const ID = 'abcdefghijkl'
let folder: string
let server: Server | undefined
const socketPath = () => join(folder, 'server.sock')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'client-'))
})
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
  rmSync(folder, { recursive: true })
})

async function serve(listener: RequestListener): Promise<ReturnType<typeof openClient>> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(socketPath(), resolve))
  return openClient({ socketPath: socketPath() })
}

const operation = (fields: Partial<Operation>): Operation => ({
  id: ID,
  kind: 'site.create',
  subject: 'shop',
  by: 'root',
  state: 'running',
  createdAt: '2026-01-01T00:00:00.000Z',
  steps: [],
  log: [],
  ...fields,
})

test('fills path, query and body in, and answers the checked result', async () => {
  const seen: string[] = []
  const client = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    request.on('data', (chunk) => seen.push(String(chunk)))
    request.on('end', () => response.end(JSON.stringify({ version: 'v', more: 1 })))
  })
  const input = {
    params: { name: 'shop' },
    query: { path: 'public/à b.txt' },
    body: { base: null, content: 'aGVsbG8=' },
  }
  expect(await client.call('saveFile', input)).toEqual({ version: 'v' })
  expect(seen).toEqual(['PUT /api/sites/shop/file?path=public%2F%C3%A0+b.txt', '{"base":null,"content":"aGVsbG8="}'])
})

test('an error answer is thrown with its code, hint and fields', async () => {
  const client = await serve((_, response) => {
    response.statusCode = 409
    const error = {
      code: 'conflict',
      message: 'taken',
      hint: 'another',
      fields: [{ path: 'name', message: 'x' }],
      id: 'i',
    }
    response.end(JSON.stringify({ error }))
  })
  await expect(client.call('me')).rejects.toMatchObject({
    code: 'conflict',
    message: 'taken',
    hint: 'another',
    fields: [{ path: 'name', message: 'x' }],
  })
})

test('nothing running, a strange answer and an answer of another shape are told apart', async () => {
  const absent = openClient({ socketPath: socketPath() })
  await expect(absent.call('me')).rejects.toMatchObject({
    code: 'unavailable',
    hint: 'is Ruche running? start it with ruche up',
  })
  let status = 502
  const client = await serve((_, response) => {
    response.statusCode = status
    response.end('<html>')
  })
  await expect(client.call('me')).rejects.toMatchObject({ code: 'unavailable', message: /502/ })
  status = 200
  await expect(client.call('me')).rejects.toMatchObject({
    code: 'internal',
    message: 'The answer to me was not understood.',
  })
})

test('exec hands over both streams and the exit code, and reports an end that came too soon', async () => {
  const line = (value: object) => `${JSON.stringify(value)}\n`
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  let complete = true
  const client = await serve((_, response) => {
    const text = line({ stdout: base64('out') }) + line({ stderr: base64('err') }) + line({ exitCode: 3 })
    response.write(text.slice(0, 10))
    setImmediate(() => response.end(complete ? text.slice(10) : text.slice(10, 30)))
  })
  const output: string[] = []
  const streams = {
    onStdout: (chunk: Uint8Array) => output.push(`1${chunk}`),
    onStderr: (chunk: Uint8Array) => output.push(`2${Buffer.from(chunk)}`),
  }
  const input = { params: { name: 'shop' }, body: { argv: ['x'] } }
  expect(await client.exec(input, streams)).toBe(3)
  expect(output).toEqual(['1out', '2err'])
  complete = false
  await expect(client.exec(input, streams)).rejects.toMatchObject({ code: 'unavailable' })
})

test('waits for an operation through a cut of the stream, and shows what it saw', async () => {
  let connections = 0
  let stored = operation({})
  const client = await serve((request, response) => {
    if (request.url !== '/api/events') return response.end(JSON.stringify(stored))
    connections += 1
    response.write(': hello\n\nevent: change\ndata: {"type":"resync"}\n\n')
    if (connections === 1) {
      stored = operation({ state: 'running', message: 'half' })
      return setTimeout(() => response.destroy(), 20)
    }
    const data = JSON.stringify({ type: 'operation', operation: operation({ state: 'done' }) })
    return setTimeout(() => response.write(`event: change\ndata: ${data}\n\n`), 20)
  })
  const seen: (string | undefined)[] = []
  const result = await client.waitForOperation(ID, ({ state, message }) => seen.push(message ?? state))
  expect(result.state).toBe('done')
  expect(connections).toBe(2)
  expect(seen).toEqual(['half', 'half', 'done'])
})

test('waiting ends when whoever waits gives up', async () => {
  const client = await serve((request, response) => {
    if (request.url === '/api/events') response.write('data: {"type":"resync"}\n\n')
    else response.end(JSON.stringify(operation({})))
  })
  const controller = new AbortController()
  const waiting = client.waitForOperation(ID, () => controller.abort(), controller.signal)
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})

test('a failed operation throws its own error', async () => {
  const error = { code: 'limit_reached' as const, message: 'full', hint: 'less', id: 'x' }
  const client = await serve((request, response) => {
    if (request.url === '/api/events') response.write('data: {"type":"resync"}\n\n')
    else response.end(JSON.stringify(operation({ state: 'failed', error })))
  })
  await expect(client.waitForOperation(ID)).rejects.toMatchObject({
    code: 'limit_reached',
    message: 'full',
    hint: 'less',
  })
})
