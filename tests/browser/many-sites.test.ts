import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

const COUNT = 1000

let pages: Pages

/** As many sites as that, each like the first, without the time that making them takes. */
async function multiply(pages: Pages): Promise<void> {
  const { register } = pages.brain.dependencies
  const { cells } = pages.brain.engine
  const cell = cells.get('first')
  if (!cell) throw new Error('there is no first site')
  const row = await register.db.selectFrom('sites').selectAll().where('name', '=', 'first').executeTakeFirstOrThrow()
  await register.change(async (queries) => {
    for (let n = 1; n < COUNT; n += 1) {
      const id = `site-${String(n).padStart(4, '0')}`
      const place = { address: row.address + n, sftp_port: row.sftp_port + n }
      await queries
        .insertInto('sites')
        .values({ ...row, ...place, name: id, uuid: randomUUID() })
        .execute()
      const spec = { ...cell.spec, id, address: place.address, sftpPort: place.sftp_port }
      cells.set(id, { ...cell, spec, status: { ...cell.status, id, sftpPort: place.sftp_port } })
    }
  })
  // The server looks at all of them anew, as after a pause of the agent.
  pages.brain.engine.setDown(true)
  pages.brain.engine.setDown(false)
}

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('first', 'alice')
  await multiply(pages)
})
afterAll(() => pages?.close())

test('a thousand sites are shown page by page, and one is found by its name', async () => {
  const page = await pages.open('alice')
  page.setDefaultTimeout(30_000)
  const rows = page.locator('tbody tr')
  const began = performance.now()
  await page.goto('/sites')
  await page.getByRole('searchbox').fill('site-0777')
  await rows.filter({ hasText: 'site-0777' }).waitFor()
  const tookMs = Math.round(performance.now() - began)
  expect(await rows.count()).toBe(1)
  console.log(`${COUNT} sites: ${tookMs} ms from navigation until the search has found one`)
  await page.getByRole('searchbox').fill('')
  await page.getByText(`1–50 of 1,000`).waitFor()
  expect(await rows.count()).toBe(50)
  // Choosing all means all pages; nothing more is drawn for it.
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  await page.getByText('1000 selected').waitFor()
  expect(await rows.count()).toBe(50)
  expect(pages.complaints).toEqual([])
})
