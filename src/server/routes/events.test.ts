import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COOKIE, PANEL, PanelClient, until } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { ServerEvent } from '../../model/events.js'
import { buildApp } from '../app.js'

interface Listener {
  events: ServerEvent[]
  ended: () => boolean
  status: number
  headers: Record<string, unknown>
  pause(): void
  resume(): void
  stop(): void
}

describe('the stream of events', () => {
  let brain: TestBrain
  let app: FastifyInstance
  let root: PanelClient
  const listeners: Listener[] = []
  beforeEach(async () => {
    brain = await openTestBrain()
    app = await buildApp(brain.dependencies, PANEL)
    root = new PanelClient(await buildApp(brain.dependencies, 'root'))
    await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(async () => {
    for (const listener of listeners.splice(0)) listener.stop()
    const closed = brain.end()
    await app.close()
    await closed
  })

  const listen = async (client: PanelClient) => {
    const listener = await open(app, client)
    listeners.push(listener)
    return listener
  }
  const sign = (login: string) => new PanelClient(app).signIn(login)
  const isGone = (listener: Listener, name: string) =>
    listener.events.some((event) => event.type === 'siteGone' && event.name === name)

  it('begins with resync, and tells each person of what they may see, with their rights', async () => {
    const [alice, bob, admin] = [await sign('alice'), await sign('bob'), await sign('admin')]
    const [hers, his, all] = [await listen(alice), await listen(bob), await listen(admin)]
    expect(hers.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    })
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    const states = (listener: Listener) =>
      listener.events.flatMap((event) => (event.type === 'site' ? [event.site.state] : []))
    await until('it is shown running', () => [hers, all].every((one) => states(one).at(-1) === 'running'))
    await root.finish(brain, 'destroySite', { params: { name: 'shop' }, query: {} })
    const last = (listener: Listener) => listener.events.findLast((event) => event.type === 'operation')
    await until('the end is told', () =>
      [hers, all].every((one) => last(one)?.operation.state === 'done' && last(one)?.operation.kind === 'site.destroy'),
    )
    for (const listener of [hers, all]) {
      expect(listener.events[0]).toEqual({ type: 'resync' })
      expect(isGone(listener, 'shop')).toBe(true)
    }
    const seen = all.events.find((event) => event.type === 'site')
    expect(seen).toMatchObject({ site: { rights: ['view', 'power', 'manage', 'delete'] } })
    expect(his.events).toEqual([{ type: 'resync' }])
  })

  it('tells of a container that died and of one that is brought back', async () => {
    const alice = await sign('alice')
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    const hers = await listen(alice)
    brain.engine.crash('shop')
    const states = () => hers.events.flatMap((event) => (event.type === 'site' ? [event.site.state] : []))
    await until('it is shown starting', () => states().at(-1) === 'starting')
    brain.engine.comeBack('shop', 'It ended.')
    await until('it is shown failed', () => states().at(-1) === 'failed')
    brain.engine.comeBack('shop')
    await until('it is shown running', () => states().at(-1) === 'running')
  })

  it('shows every site as unknown while the engine is away', async () => {
    const alice = await sign('alice')
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    const hers = await listen(alice)
    brain.engine.setDown(true)
    await brain.dependencies.observed.refresh()
    await until('it is told', () =>
      hers.events.some((event) => event.type === 'site' && event.site.state === 'unknown'),
    )
  })

  it('AUT-4, AUT-8: ends with the session', async () => {
    const alice = await sign('alice')
    const hers = await listen(alice)
    await alice.call('signOut')
    await until('it has ended', hers.ended)
  })

  it('AUT-8: ends when the directory does not know the person any more', async () => {
    const hers = await listen(await sign('alice'))
    brain.directory.accounts.delete('alice')
    brain.clock.pass(60_000)
    await brain.dependencies.sessions.sweep()
    await until('it has ended', hers.ended)
  })

  it('is refused without a session', async () => {
    expect((await open(app, new PanelClient(app))).status).toBe(401)
  })

  it('drops what a slow reader does not take, then says so', async () => {
    const alice = await sign('alice')
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    const hers = await listen(alice)
    hers.pause()
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < 30_000; n++) brain.dependencies.changes.publish({ type: 'templates' })
    // One turn of the feed's queue behind all of them.
    await alice.call('me')
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * 1024 ** 2)
    hers.events.length = 0
    hers.resume()
    await until('it is told to ask anew', () => hers.events.some((event) => event.type === 'resync'))
    expect(hers.events.length).toBeLessThan(30_000)
  })
})

function open(app: FastifyInstance, client: PanelClient): Promise<Listener> {
  const { port } = app.server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const headers = { host: 'ruche.localhost', cookie: `${COOKIE}=${client.cookie ?? ''}` }
    const asked = request({ host: '127.0.0.1', port, path: '/api/events', headers }, (answer) => {
      const events: ServerEvent[] = []
      let text = ''
      let ended = false
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        const parts = (text + chunk).split('\n\n')
        text = parts.pop() ?? ''
        for (const part of parts)
          if (part.startsWith('event: change\ndata: ')) events.push(ServerEvent.parse(JSON.parse(part.slice(20))))
      })
      answer.on('end', () => {
        ended = true
      })
      answer.on('error', () => undefined)
      resolve({
        events,
        ended: () => ended,
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        pause: () => answer.pause(),
        resume: () => answer.resume(),
        stop: () => asked.destroy(),
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}
