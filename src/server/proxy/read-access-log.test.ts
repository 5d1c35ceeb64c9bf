import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAccessLog, readRequests } from './read-access-log.js'

const line = (at: number, site: string) => `${JSON.stringify({ at, site, status: 200, uri: '/' })}\n`

test('what is no request of a site is passed over', () => {
  const found = readRequests(`${line(5, 'shop')}${line(6, '')}{"at":"x","site":"shop"}\nx\n\n`)
  expect(found).toMatchObject([{ at: 5, site: 'shop', status: 200, uri: '/', agent: '' }])
})

test('each look tells of what came since the last one, also when the log was moved aside', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ruche-access-'))
  const path = join(folder, 'access.log')
  const log = openAccessLog(path)
  const sites = async () => (await log.read()).map(({ site }) => site)
  expect(await sites()).toEqual([])
  await writeFile(path, line(1, 'before'))
  expect(await sites()).toEqual([])
  await appendFile(path, line(2, 'shop') + line(3, 'half').slice(0, 10))
  expect(await sites()).toEqual(['shop'])
  await appendFile(path, line(3, 'half').slice(10))
  expect(await sites()).toEqual(['half'])
  await rename(path, `${path}.1`)
  await writeFile(path, line(4, 'anew'))
  expect(await sites()).toEqual(['anew'])
  await rm(folder, { recursive: true })
})
