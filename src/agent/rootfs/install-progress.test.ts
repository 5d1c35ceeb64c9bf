import { expect, test } from 'vitest'
import { trackInstall } from './install-progress.js'

test('each package counts twice: unpacked, set up', () => {
  const progress = trackInstall()
  expect(progress('Unpacking a (1) ...')).toBeUndefined()
  expect(progress('0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.')).toBe(0)
  expect(progress('Unpacking nginx (1.22) ...')).toBe(25)
  expect(progress('Selecting previously unselected package b.')).toBe(25)
  expect(progress('Unpacking b (1) ...')).toBe(50)
  expect(progress('Setting up b (1) ...')).toBe(75)
  expect(progress('Setting up nginx (1.22) ...')).toBe(100)
  expect(progress('Setting up nginx (1.22) ...')).toBe(100)
})
