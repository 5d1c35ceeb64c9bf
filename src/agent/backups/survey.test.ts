import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { FILES } from './archive-layout.js'
import { archivePath, keepProof, makeBackupFolder } from './store.js'
import { surveyBackups } from './survey.js'
import { openArchiveWriter } from './write-archive.js'

const KEY = '6f1c1c1e-0000-4000-8000-00000000000'
const DAY_MS = 86_400_000
const START = Date.parse('2026-11-01T03:00:00.000Z')
const day = (n: number) => new Date(START + n * DAY_MS)

let folder: string
let complaints: string[]
const log = { info: () => undefined, warn: () => undefined, error: (text: string) => complaints.push(text) }
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-survey-'))
  complaints = []
})
afterEach(() => rm(folder, { recursive: true }))

const survey = async () => (await surveyBackups(folder, log)).sort((a, b) => a.key.localeCompare(b.key))

/** An archive of that day; written then, unless another day is said. */
async function add(site: number, backup: string, made: number, proven?: boolean, written = made): Promise<void> {
  const ref = { key: `${KEY}${site}`, backup }
  await makeBackupFolder(folder, ref.key)
  const writer = await openArchiveWriter(archivePath(folder, ref))
  const files = await writer.add(FILES, Readable.from([Buffer.from('files')]))
  await writer.finish({
    ...{
      format: 1,
      id: backup,
      site: 'shop',
      createdAt: day(made).toISOString(),
      stack: DEFAULT_STACK,
      suite: 'bookworm',
    },
    ...{ limits: DEFAULT_LIMITS, domains: [], frozenMs: 5, files },
  })
  const at = new Date(day(written).getTime() + 60_000)
  await utimes(archivePath(folder, ref), at, at)
  if (proven !== undefined) await keepProof(folder, ref, { proven, at: at.toISOString(), durationMs: 900 })
}

it('knows of each site the newest, the newest that is proven, how many there are and how large', async () => {
  await add(1, 'aaaaaaaaaaaa', 1, true)
  await add(1, 'bbbbbbbbbbbb', 2, true)
  await add(1, 'cccccccccccc', 3, false)
  await add(2, 'dddddddddddd', 1)
  const [one, two] = await survey()
  expect(one).toMatchObject({
    newest: { id: 'cccccccccccc', proof: { proven: false } },
    provenAt: day(2).toISOString(),
  })
  expect(one?.ids.sort()).toEqual(['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'])
  expect(one?.sizeBytes).toBe((one?.newest?.sizeBytes ?? 0) * 3)
  expect(two).toMatchObject({ key: `${KEY}2`, newest: { id: 'dddddddddddd', createdAt: day(1).toISOString() } })
  expect(two?.newest?.proof).toBeUndefined()
  expect(two?.provenAt).toBeUndefined()
})

it('does not take one for new that was fetched lately', async () => {
  await add(1, 'aaaaaaaaaaaa', 2, true)
  await add(1, 'bbbbbbbbbbbb', 1, true, 5)
  expect((await survey())[0]).toMatchObject({ newest: { id: 'aaaaaaaaaaaa' }, provenAt: day(2).toISOString() })
})

it('opens no more archives than it must, and leaves out what it cannot read', async () => {
  await add(1, 'aaaaaaaaaaaa', 1, true)
  await add(1, 'bbbbbbbbbbbb', 2, true)
  const old = archivePath(folder, { key: `${KEY}1`, backup: 'aaaaaaaaaaaa' })
  await writeFile(old, 'damaged')
  await utimes(old, day(1), day(1))
  expect((await survey())[0]).toMatchObject({ newest: { id: 'bbbbbbbbbbbb' } })
  expect(complaints).toEqual([])
  await utimes(old, day(9), day(9))
  expect((await survey())[0]).toMatchObject({ newest: { id: 'bbbbbbbbbbbb' } })
  expect(complaints).toEqual(['backup cannot be read'])
})

it('says nothing where there is nothing', async () => {
  expect(await survey()).toEqual([])
  await makeBackupFolder(folder, `${KEY}1`)
  expect(await survey()).toEqual([{ key: `${KEY}1`, ids: [], sizeBytes: 0 }])
})
