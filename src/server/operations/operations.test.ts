import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until, waitFor } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { type Change, openChanges } from './changes.js'
import type { OperationRequest, Work } from './operations.js'
import { throttle } from './throttle.js'

describe('operations', () => {
  let brain: TestBrain
  beforeEach(async () => {
    brain = await openTestBrain()
  })
  afterEach(() => brain.end(100))

  const begin = (run: (work: Work) => Promise<void>, change: Partial<OperationRequest<void>> = {}) =>
    brain.dependencies.operations.begin({
      kind: 'site.start',
      subject: 'shop',
      by: 'alice',
      prepare: async () => undefined,
      run,
      ...change,
    })
  const ended = async (run: (work: Work) => Promise<void>, change: Partial<OperationRequest<void>> = {}) =>
    waitFor(brain, (await begin(run, change)).operation.id)

  it('times its steps, keeps what they said, and is the same when it is read back', async () => {
    const operation = await ended(async ({ note }) => {
      note({ step: 'image' })
      await new Promise((resolve) => {
        setTimeout(resolve, 30)
      })
      note({ step: 'image', message: 'half', percent: 50 })
      note({ step: 'launch' })
    })
    expect(operation).toMatchObject({
      state: 'done',
      log: ['image: half'],
      steps: [{ name: 'image' }, { name: 'launch' }],
    })
    expect(operation.steps[0]?.durationMs).toBeGreaterThanOrEqual(25)
    expect(operation.steps[1]?.durationMs).toBeLessThan(25)
    expect(operation.percent).toBeUndefined()
  })

  it('gives a step that ran beside another its own time, and the other all of its own', async () => {
    const operation = await ended(async ({ note }) => {
      note({ step: 'services' })
      note({ step: 'firewall', message: '12 ms', durationMs: 12 })
      note({ step: 'services', message: '3000 ms', durationMs: 3000 })
      note({ step: 'network' })
    })
    expect(operation.steps).toMatchObject([
      { name: 'firewall', durationMs: 12 },
      { name: 'services', durationMs: 3000 },
      { name: 'network' },
    ])
    expect(operation.log).toEqual(['firewall: 12 ms', 'services: 3000 ms'])
  })

  it('keeps the last 500 lines', async () => {
    const operation = await ended(async ({ note }) => {
      for (let n = 0; n < 600; n++) note({ step: 'packages', message: `line ${n}` })
    })
    expect(operation.log).toHaveLength(500)
    expect([operation.log[0], operation.log.at(-1)]).toEqual(['packages: line 100', 'packages: line 599'])
  })

  it('hides what is internal, and logs it under the operation’s id', async () => {
    const operation = await ended(async () => {
      throw new Error('secret /path of ours')
    })
    expect(operation.error).toEqual({ code: 'internal', message: 'Something went wrong inside.', id: operation.id })
    expect(JSON.stringify(operation)).not.toContain('secret')
    expect(brain.logged).toMatchObject([{ level: 50, id: operation.id, err: { message: 'secret /path of ours' } }])
  })

  it('begins nothing when it cannot be prepared, and lets the next one in', async () => {
    const prepare = async () => {
      throw new AppError('invalid', 'no')
    }
    await expect(begin(async () => expect.fail('it ran'), { prepare })).rejects.toMatchObject({ code: 'invalid' })
    expect(await brain.dependencies.operations.list()).toEqual([])
    expect((await ended(async () => undefined)).state).toBe('done')
  })

  it('is alone on its subject, also while it is prepared; a template of the same name is another subject', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const first = begin(async () => undefined, { prepare: () => held })
    await expect(begin(async () => undefined)).rejects.toMatchObject({ code: 'busy' })
    await begin(async () => undefined, { kind: 'template.build' })
    await begin(async () => undefined, { subject: 'blog' })
    release()
    await waitFor(brain, (await first).operation.id)
    await ended(async () => undefined)
  })

  it('is given up only where that is possible', async () => {
    const wait = ({ signal }: Work) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    const { operation } = await begin(wait, { cancellable: true })
    await brain.dependencies.operations.cancel(operation.id)
    expect(await waitFor(brain, operation.id)).toMatchObject({
      state: 'cancelled',
      error: { message: 'It was cancelled.' },
    })
    expect(operation.cancellable).toBe(true)
    expect((await brain.dependencies.operations.find(operation.id))?.cancellable).toBeUndefined()
    const other = await begin(() => new Promise(() => undefined))
    await expect(brain.dependencies.operations.cancel(other.operation.id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(brain.dependencies.operations.cancel('aaaaaaaaaaaa')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is found page by page, newest first, by state and by parts of names', async () => {
    const { search } = brain.dependencies.operations
    for (const [subject, by] of [
      ['shop', 'alice'],
      ['blog', 'alice'],
      ['shop_1', 'Bob%'],
    ] as const) {
      brain.clock.pass(1000)
      await ended(async () => undefined, { subject, by })
    }
    await begin(() => new Promise(() => undefined), { subject: 'live' })
    const look = async (wanted: object, page = 0) => {
      const { operations, count } = await search({ page, size: 2, ...wanted })
      return [count, ...operations.map(({ subject }) => subject)]
    }
    expect(await look({ state: 'done' })).toEqual([3, 'shop_1', 'blog'])
    expect(await look({ state: 'done' }, 1)).toEqual([3, 'shop'])
    expect(await look({ state: 'done' }, 2)).toEqual([3])
    expect(await look({ subject: 'SHOP' })).toEqual([2, 'shop_1', 'shop'])
    expect(await look({ subject: '_' })).toEqual([1, 'shop_1'])
    expect(await look({ by: 'bob%' })).toEqual([1, 'shop_1'])
    expect(await look({ subject: '\\' })).toEqual([0])
    expect(await look({ state: 'running' })).toEqual([1, 'live'])
  })

  it('tells of changes, not faster than can be read, and never loses the last', async () => {
    const heard: Change[] = []
    brain.dependencies.changes.subscribe((change) => heard.push(change))
    const { id } = await ended(async ({ note }) => {
      for (let n = 0; n < 1000; n++) note({ step: 'packages', message: `line ${n}` })
    })
    const told = heard.flatMap((change) =>
      change.type === 'operation' && change.operation.id === id ? [change.operation] : [],
    )
    expect(told.length).toBeLessThan(5)
    expect(told.at(-1)).toMatchObject({ state: 'done' })
    expect(heard.at(-1)).toEqual({ type: 'site', name: 'shop' })
  })

  it('goes on when the register cannot be written', async () => {
    const { db } = brain.dependencies.register
    await db.schema.alterTable('operations').renameTo('hidden').execute()
    let ran = false
    const { operation } = await begin(async () => {
      ran = true
    })
    await brain.dependencies.operations.ended(operation.id)
    expect(ran).toBe(true)
    expect(brain.logged).toMatchObject([{ level: 50, id: operation.id }, { level: 50 }])
    await db.schema.alterTable('hidden').renameTo('operations').execute()
  })

  it('forgets what ended a month ago', async () => {
    await ended(async () => undefined)
    brain.clock.pass(31 * 24 * 3_600_000)
    await brain.dependencies.operations.closeAbandoned()
    expect(await brain.dependencies.operations.list()).toEqual([])
  })

  it('is waited for at the end, but not for ever', async () => {
    await begin(() => new Promise(() => undefined))
    const began = Date.now()
    await brain.dependencies.operations.drain(100)
    expect(Date.now() - began).toBeLessThan(1000)
  })
})

describe('throttle', () => {
  it('acts at once, then once per interval, and at last', async () => {
    let acted = 0
    const { call, flush } = throttle(50, () => acted++)
    for (let n = 0; n < 10; n++) call()
    expect(acted).toBe(1)
    await until('the second', () => acted === 2)
    call()
    flush()
    expect(acted).toBe(3)
    flush()
    expect(acted).toBe(3)
  })
})

describe('changes', () => {
  it('reach who listens, until they leave', () => {
    const changes = openChanges()
    const heard: Change[] = []
    const leave = changes.subscribe((change) => {
      heard.push(change)
    })
    changes.publish({ type: 'templates' })
    leave()
    changes.publish({ type: 'templates' })
    expect(heard).toHaveLength(1)
  })
})
