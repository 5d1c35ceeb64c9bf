import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rotateAccessLog } from './access-log.js'

test('keeps four old logs, the newest first, and only moves a large one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ruche-log-'))
  const path = join(folder, 'access.log')
  expect(await rotateAccessLog(path, 4)).toBe(false)
  for (let round = 1; round <= 6; round++) {
    await writeFile(path, 'abcd')
    expect(await rotateAccessLog(path, 4)).toBe(false)
    await writeFile(path, `round ${round}`)
    expect(await rotateAccessLog(path, 4)).toBe(true)
  }
  expect((await readdir(folder)).sort()).toEqual(['access.log.1', 'access.log.2', 'access.log.3', 'access.log.4'])
  expect(await readFile(`${path}.1`, 'utf8')).toBe('round 6')
  expect(await readFile(`${path}.4`, 'utf8')).toBe('round 3')
  await rm(folder, { recursive: true })
})
