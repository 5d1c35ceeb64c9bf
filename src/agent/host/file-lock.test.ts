import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFile, tryLockFile } from './file-lock.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('the second waits for the first and is told so', async () => {
  const path = join(folder, 'lock')
  const events: string[] = []
  const first = await lockFile(path, () => events.push('first waits'))
  let second: Promise<void> | undefined
  await new Promise<void>((told) => {
    second = lockFile(path, () => {
      events.push('second waits')
      told()
    }).then((lock) => {
      events.push('second has it')
      return lock.unlock()
    })
  })
  events.push('first gives it back')
  await first.unlock()
  await second
  expect(events).toEqual(['second waits', 'first gives it back', 'second has it'])
})

test('waiting can be given up', async () => {
  const path = join(folder, 'lock')
  const first = await lockFile(path, () => undefined)
  const stop = new AbortController()
  const second = lockFile(path, () => stop.abort(), stop.signal)
  await expect(second).rejects.toMatchObject({ code: 'host_failed' })
  await first.unlock()
})

test('a lock that cannot be made is an error', async () => {
  await expect(lockFile(join(folder, 'missing', 'lock'), () => undefined)).rejects.toMatchObject({
    code: 'host_failed',
  })
})

test('without waiting, the second is told that it is taken', async () => {
  const path = join(folder, 'lock')
  const first = await tryLockFile(path)
  expect(first).toBeDefined()
  expect(await tryLockFile(path)).toBeUndefined()
  await first?.unlock()
  const third = await tryLockFile(path)
  expect(third).toBeDefined()
  await third?.unlock()
})
