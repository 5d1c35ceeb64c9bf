import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COOKIE, ORIGIN, PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { buildApp } from '../app.js'

describe('an upload', () => {
  let brain: TestBrain
  let app: FastifyInstance
  let alice: PanelClient
  beforeAll(async () => {
    brain = await openTestBrain()
    app = await buildApp(brain.dependencies, PANEL)
    alice = await new PanelClient(app).signIn('alice')
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await app.close()
    await brain.end()
  })

  const body = JSON.stringify({ base: null, content: Buffer.from('x').toString('base64') })
  const head = (more: string[]) =>
    [
      'PUT /api/sites/shop/file?path=upload HTTP/1.1',
      'Host: ruche.localhost',
      `Origin: ${ORIGIN}`,
      `Cookie: ${COOKIE}=${alice.cookie}`,
      `X-CSRF-Token: ${alice.csrfToken}`,
      'Content-Type: application/json',
      ...more,
      '',
      '',
    ].join('\r\n')
  /** What is answered to these bytes on a connection of their own, which is then closed from our side or theirs. */
  const send = (text: string, hangUp: boolean) =>
    new Promise<string>((resolve) => {
      let heard = ''
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write(text, () => hangUp && socket.end())
      })
      socket.on('data', (chunk) => {
        heard += String(chunk)
        if (!hangUp) socket.end()
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(heard))
    })
  const files = async () => (await alice.call('listFiles', { params: { name: 'shop' }, query: { path: '' } })).entries

  it.each([
    ['breaks off in the middle', ['Content-Length: 4000'], body],
    ['is shorter than it says', [`Content-Length: ${body.length + 1}`], body],
    ['breaks off in a chunk', ['Transfer-Encoding: chunked'], `${(body.length + 9).toString(16)}\r\n${body}`],
    ['never ends its chunks', ['Transfer-Encoding: chunked'], `${body.length.toString(16)}\r\n${body}\r\n`],
  ])('WEB-8: that %s leaves nothing', async (_, headers, sent) => {
    const before = await files()
    expect(await send(head(headers) + sent, true)).not.toContain('200 OK')
    expect(await files()).toEqual(before)
  })

  it.each([
    ['says that it has 10 GB', ['Content-Length: 10737418240'], ''],
    ['has more than it says', ['Content-Length: 9'], body],
    ['has two lengths', ['Content-Length: 9', `Content-Length: ${body.length}`], body],
    ['has a length and chunks', ['Content-Length: 9', 'Transfer-Encoding: chunked'], body],
    ['is larger than a file may be', ['Transfer-Encoding: chunked'], `500000\r\n${'x'.repeat(0x500000)}\r\n0\r\n\r\n`],
  ])('WEB-8: that %s is refused before it is taken in', async (_, headers, sent) => {
    const before = await files()
    expect(await send(head(headers) + sent, false)).toMatch(/^HTTP\/1.1 400 /)
    expect(await files()).toEqual(before)
  })

  it('WEB-8: of somebody who may not is not read at all', async () => {
    const bob = await new PanelClient(app).signIn('bob')
    const stolen = head(['Content-Length: 4000000'])
      .replace(String(alice.cookie), String(bob.cookie))
      .replace(alice.csrfToken, bob.csrfToken)
    expect(await send(stolen, false)).toMatch(/^HTTP\/1.1 403 /)
  })
})
