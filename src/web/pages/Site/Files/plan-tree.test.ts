import { expect, it } from 'vitest'
import type { FileEntry } from '../../../../model/files.js'
import { planTree } from './plan-tree.js'

const entry = (name: string, type: FileEntry['type'] = 'file'): FileEntry => ({
  name,
  type,
  sizeBytes: 1,
  modifiedAt: '2026-11-20T10:00:00.000Z',
  mode: 0o644,
})
const home = { entries: [entry('b10.txt'), entry('b9.txt'), entry('public', 'folder'), entry('empty', 'folder')] }

it('puts folders first and counts numbers as numbers', () => {
  const rows = planTree(new Map([['', home]]), new Set())
  expect(rows.map(({ path }) => path)).toEqual(['empty', 'public', 'b9.txt', 'b10.txt'])
})

it('shows what is below open folders, and that it is on its way', () => {
  const folders = new Map([
    ['', home],
    ['empty', { entries: [] }],
  ])
  const rows = planTree(folders, new Set(['public', 'empty', 'closed/below']))
  expect(rows.map(({ name, level, type, open }) => `${level} ${type} ${name} ${open}`)).toEqual([
    '1 folder empty true',
    '1 folder public true',
    '2 loading  false',
    '1 file b9.txt false',
    '1 file b10.txt false',
  ])
})

it('says when a folder could not be read or has more than is shown', () => {
  expect(planTree(new Map([['', { failed: true }]]), new Set())[0]?.type).toBe('failed')
  expect(planTree(new Map([['', { entries: [], truncated: true }]]), new Set())[0]?.type).toBe('truncated')
})
