import { describe, expect, it } from 'vitest'
import { findFileNameProblem, findPageUrl, folderOf, foldersDownTo, isWithin, joinPath, nameOf } from './paths.js'

describe('paths', () => {
  it('takes apart and joins', () => {
    expect(folderOf('public/a/b.php')).toBe('public/a')
    expect(folderOf('notes.txt')).toBe('')
    expect(nameOf('public/a/b.php')).toBe('b.php')
    expect(joinPath('', 'a')).toBe('a')
    expect(foldersDownTo('public/a/b')).toEqual(['public', 'public/a', 'public/a/b'])
    expect(foldersDownTo('')).toEqual([])
  })

  it('does not take a longer name for a path below', () => {
    expect(isWithin('public/a', 'public')).toBe(true)
    expect(isWithin('public2/a', 'public')).toBe(false)
  })
})

describe('findPageUrl', () => {
  const url = 'https://shop.sites.localhost:8443/'
  it('knows what is served', () => {
    expect(findPageUrl(url, 'public/index.php')).toBe(url)
    expect(findPageUrl(url, 'public/blog/index.html')).toBe(`${url}blog/`)
    expect(findPageUrl(url, 'public/été/a b?.php')).toBe(`${url}%C3%A9t%C3%A9/a%20b%3F.php`)
    expect(findPageUrl(url, 'private/database.env')).toBeUndefined()
  })

  it('stays on the site whatever the name', () => {
    expect(findPageUrl(url, 'public//evil.example/x')?.startsWith(url)).toBe(true)
    expect(findPageUrl(url, 'public/javascript:alert(1)')?.startsWith(url)).toBe(true)
  })
})

it('refuses names that are no names', () => {
  expect(findFileNameProblem(' ', [])).toBe('empty')
  expect(findFileNameProblem('a/b', [])).toBe('slash')
  expect(findFileNameProblem('..', [])).toBe('dots')
  expect(findFileNameProblem('a.php', ['a.php'])).toBe('taken')
  expect(findFileNameProblem('été.php', ['a.php'])).toBeUndefined()
})
