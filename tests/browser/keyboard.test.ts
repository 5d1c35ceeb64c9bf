import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

/** A whole life of a site without a mouse: nothing here clicks. */
const MOST_STEPS = 80
let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  page = await pages.open(undefined)
})
afterAll(() => pages?.close())

const press = (key: string) => page.keyboard.press(key)
const button = (name: string) => page.getByRole('button', { name, exact: true })
const link = (name: string) => page.getByRole('link', { name, exact: true })
const dialog = () => page.getByRole('dialog')

/** As often Tab as it takes; what has the focus must be seen to have it. */
async function tabTo(target: Locator): Promise<void> {
  await target.first().waitFor()
  // The editor is in a tree of its own, which has a focus of its own.
  const isThere = () =>
    target.first().evaluate((element) => element === (element.getRootNode() as Document | ShadowRoot).activeElement)
  for (let step = 0; !(await isThere()); step++) {
    if (step === MOST_STEPS) throw new Error(`${target} cannot be reached: ${await describeFocus()}`)
    // In the editor Tab indents; after Escape it moves on.
    if (await page.evaluate(() => document.activeElement?.className === 'editor-host')) await press('Escape')
    await press('Tab')
  }
  const isSeen = await target.first().evaluate((element) => {
    const { outlineStyle, boxShadow } = getComputedStyle(element)
    // In an editor it is the caret.
    return outlineStyle !== 'none' || boxShadow !== 'none' || (element as HTMLElement).isContentEditable
  })
  expect(isSeen, `${target} does not show that it has the focus`).toBe(true)
}

const describeFocus = () => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))

async function go(target: Locator): Promise<void> {
  await tabTo(target)
  await press('Enter')
}

test('a site is created, edited and deleted by the keyboard alone', async () => {
  await page.goto('/')
  await tabTo(page.getByLabel('User name'))
  await page.keyboard.type('alice')
  await tabTo(page.getByLabel('Password', { exact: true }))
  await page.keyboard.type('alice-pass')
  await press('Enter')
  await page.getByText('Your first site is two clicks away').waitFor()

  await go(link('Create a site'))
  await page.getByText('This name is free').waitFor()
  await go(button('Create'))
  await page.getByText('Your site is live').waitFor()

  await go(link('Files'))
  // One row of the tree is where Tab comes; the arrow keys lead to the others.
  await tabTo(page.locator('[role=treeitem][tabindex="0"]'))
  const file = page.getByRole('treeitem', { name: 'index.php' })
  for (let step = 0; !(await file.evaluate((element) => element === document.activeElement)); step++) {
    expect(step).toBeLessThan(MOST_STEPS)
    await press('ArrowDown')
  }
  await press('Enter')
  const editor = page.locator('.cm-content')
  await editor.waitFor()
  await tabTo(editor)
  await press('Control+A')
  await page.keyboard.insertText('<h1>By keyboard</h1>')
  await press('Control+S')
  await page.getByText('Saved', { exact: true }).waitFor()
  const { content } =
    (await pages.brain.engine.cells.get('alice')?.files.read('public/index.php')) ?? expect.fail('no site')
  expect(Buffer.from(content).toString()).toBe('<h1>By keyboard</h1>')

  await go(link('Danger'))
  await go(button('Delete the site'))
  await tabTo(dialog().getByRole('textbox'))
  await page.keyboard.type('alice')
  await go(dialog().getByRole('button', { name: 'Delete the site' }))
  await page.getByText('alice has been deleted.').waitFor()
  expect(pages.brain.engine.cells.has('alice')).toBe(false)
})

test('no page complained', () => expect(pages.complaints).toEqual([]))
