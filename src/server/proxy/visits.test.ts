import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openVisits, readVisits } from './visits.js'

const line = (at: number, site: string, agent = 'Firefox') => `${JSON.stringify({ at, site, agent })}\n`

test('the last visit of a person counts, not that of a machine, nor what is no line of ours', () => {
  const text = [
    line(5, 'shop'),
    line(9, 'shop'),
    line(7, 'shop'),
    line(9, 'blog', 'Googlebot/2.1'),
    '{"at":"x"}\n',
    'x\n',
  ]
  expect([...readVisits(text.join(''))]).toEqual([['shop', 9000]])
})

test('each look tells of what came since the last one, also when the log was moved aside', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ruche-visits-'))
  const path = join(folder, 'access.log')
  const visits = openVisits(path)
  expect(await visits.look()).toEqual(new Map())
  await writeFile(path, line(1, 'before'))
  expect([...(await visits.look())]).toEqual([])
  await appendFile(path, line(2, 'shop') + line(3, 'half').slice(0, 10))
  expect([...(await visits.look())]).toEqual([['shop', 2000]])
  await appendFile(path, line(3, 'half').slice(10))
  expect([...(await visits.look())]).toEqual([['half', 3000]])
  await rename(path, `${path}.1`)
  await writeFile(path, line(4, 'anew'))
  expect([...(await visits.look())]).toEqual([['anew', 4000]])
  await rm(folder, { recursive: true })
})
