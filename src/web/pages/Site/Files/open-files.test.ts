import { beforeEach, expect, it } from 'vitest'
import { isAnythingUnsaved } from '../../../unsaved.js'
import {
  closeFiles,
  editText,
  findOpenFile,
  isDirty,
  loadText,
  markSaved,
  moveFiles,
  rebase,
  takeIn,
} from './open-files.js'

const file = () => findOpenFile('shop', 'public/a.php')
const dirty = () => {
  const found = file()
  return found !== undefined && isDirty(found)
}

beforeEach(() => {
  closeFiles('shop', 'public')
  takeIn('shop', 'public/a.php', { version: 'v1', text: 'one' })
})

it('shows another version from the server where nothing was typed', () => {
  const { revision = 0 } = file() ?? {}
  takeIn('shop', 'public/a.php', { version: 'v2', text: 'two' })
  expect(file()).toMatchObject({ text: 'two', version: 'v2', stale: false })
  expect(file()?.revision).toBeGreaterThan(revision)
})

it('never overwrites what was typed', () => {
  editText('shop', 'public/a.php', 'mine')
  takeIn('shop', 'public/a.php', { version: 'v2', text: 'two' })
  expect(file()).toMatchObject({ text: 'mine', version: 'v1', stale: true })
  expect(isAnythingUnsaved()).toBe(true)
})

it('is still dirty when something was typed while it was being saved', () => {
  editText('shop', 'public/a.php', 'sent')
  editText('shop', 'public/a.php', 'sent and more')
  markSaved('shop', 'public/a.php', 'sent', 'v2')
  expect(dirty()).toBe(true)
  editText('shop', 'public/a.php', 'sent')
  expect(dirty()).toBe(false)
  expect(isAnythingUnsaved()).toBe(false)
})

it('can keep mine over theirs, or take theirs', () => {
  editText('shop', 'public/a.php', 'mine')
  rebase('shop', 'public/a.php', 'v2')
  expect(file()).toMatchObject({ text: 'mine', version: 'v2', stale: false })
  loadText('shop', 'public/a.php', { version: 'v3', text: 'theirs' })
  expect(dirty()).toBe(false)
})

it('follows a renamed folder', () => {
  editText('shop', 'public/a.php', 'mine')
  moveFiles('shop', 'public', 'web')
  expect(file()).toBeUndefined()
  expect(findOpenFile('shop', 'web/a.php')).toMatchObject({ text: 'mine', path: 'web/a.php' })
  closeFiles('shop', 'web')
  expect(isAnythingUnsaved()).toBe(false)
})
