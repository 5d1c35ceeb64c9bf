import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CANARY_ID } from '../../../src/model/names.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'

const context = { actor: 'test' }

describe('a sealed copy', () => {
  let agent: TestAgent
  beforeAll(async () => {
    agent = await startAgent()
  })
  afterAll(() => agent.close())

  test('answers from inside as the original does, and has no network at all, also for the next agent', async () => {
    const { engine } = agent
    await engine.create(specFor('shop', 2), context)
    await engine.start('shop', context)
    await execIn(agent, 'shop', ['/bin/sh', '-c', 'echo mine > public/note.txt'])
    const probe = (id: string, path: string) => engine.probe(id, 'shop.example.test', path)
    expect(await probe('shop', '/')).toEqual({ status: 200 })
    expect(await probe('shop', '/nowhere')).toEqual({ status: 404 })
    const copy = await engine.copy('shop', { ...specFor(CANARY_ID, 254), sealed: true }, context)
    await engine.start(CANARY_ID, context)
    const looksSealed = async () => {
      expect(await probe(CANARY_ID, '/note.txt')).toEqual({ status: 200 })
      const { stdout } = await execIn(agent, CANARY_ID, ['/bin/sh', '-c', 'tail -n +3 /proc/net/dev | cut -d: -f1'])
      expect(stdout.trim()).toBe('lo')
      expect((await agent.get(copy.ipv4)).status).toBe(0)
    }
    await looksSealed()
    await agent.end('SIGKILL')
    await agent.start()
    await looksSealed()
    expect((await agent.get('10.1.1.2')).status).toBe(200)
    await engine.stop('shop', context)
    await expect(probe('shop', '/')).rejects.toMatchObject({ code: 'conflict' })
    await engine.destroy(CANARY_ID, context)
  })
})
