import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTempFolder, type TempFolder } from '../../../tests/helpers/temp-folder.js'
import { boundLog } from './bound-log.js'

let folder: TempFolder
beforeAll(async () => {
  folder = await makeTempFolder('log')
})
afterAll(() => folder.remove())

it('moves a log on that is too large, and whoever has it open goes on in the same file', () => {
  const path = join(folder.path, 'one.log')
  const writer = openSync(path, 'a')
  writeSync(writer, 'first\n')
  boundLog(path, 6)
  expect(existsSync(`${path}.1`)).toBe(false)
  writeSync(writer, 'second\n')
  boundLog(path, 6)
  writeSync(writer, 'third\n')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('first\nsecond\n')
  expect(readFileSync(path, 'utf8')).toBe('third\n')
  closeSync(writer)
})

it('makes room even when what was said can be kept nowhere, and does nothing without a log', () => {
  const path = join(folder.path, 'other.log')
  boundLog(path, 6)
  const writer = openSync(path, 'a')
  writeSync(writer, 'more than six\n')
  mkdirSync(`${path}.1`)
  expect(() => boundLog(path, 6)).toThrow()
  expect(readFileSync(path, 'utf8')).toBe('')
  closeSync(writer)
})
