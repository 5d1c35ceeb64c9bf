import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTempFolder, type TempFolder } from '../../../tests/helpers/temp-folder.js'
import { savePerson } from './people.js'
import { openRegister } from './register.js'

let folder: TempFolder
const file = (name = 'register.db') => join(folder.path, name)

beforeEach(async () => {
  folder = await makeTempFolder('register')
  // The second start finds what the first left, and keeps a copy of it.
  for (const login of ['alice', 'bob']) {
    const register = await openRegister('sqlite', folder.path)
    await savePerson(register.db, login, { name: login, administrator: 0, creator: 1 })
    await sql`pragma wal_checkpoint(truncate)`.execute(register.db)
    await register.close()
  }
})
afterEach(() => folder.remove())

const listPeople = async () => {
  const register = await openRegister('sqlite', folder.path)
  const people = await register.db.selectFrom('people').select('login').orderBy('login').execute()
  await register.close()
  return people.map(({ login }) => login)
}

/** As the hint says. */
async function restore(): Promise<void> {
  for (const name of ['register.db', 'register.db-wal', 'register.db-shm']) await rm(file(name), { force: true })
  await copyFile(file('register.last.db'), file())
}

const damages: [string, () => Promise<void>][] = [
  ['cut short', () => truncate(file(), 5000)],
  ['emptied', () => truncate(file(), 0)],
  ['gone', () => rm(file())],
  ['overwritten', () => writeFile(file(), 'x'.repeat(20_000))],
  [
    'garbled in the middle',
    async () => {
      const bytes = await readFile(file())
      await writeFile(file(), bytes.fill(0xa5, 4096, 4096 * 3))
    },
  ],
]

it.each(damages)(
  'CRA-4: a register that is %s is not guessed at, and the last good copy brings it back',
  async (_, damage) => {
    await damage()
    const before = await readFile(file()).catch(() => undefined)
    await expect(listPeople()).rejects.toMatchObject({
      code: 'host_failed',
      hint: expect.stringContaining('register.last.db'),
    })
    if (before) expect((await readFile(file())).equals(before)).toBe(true)
    await restore()
    expect(await listPeople()).toEqual(['alice'])
  },
)

it('CRA-4: the copy is as the register was at the last start', async () => {
  expect(await listPeople()).toEqual(['alice', 'bob'])
  await restore()
  expect(await listPeople()).toEqual(['alice', 'bob'])
})
