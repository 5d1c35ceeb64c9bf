import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readPressure } from './pressure.js'

test('says what waits, and nothing where the kernel says nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pressure-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  expect(readPressure(folder)).toBeUndefined()
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('cpu', 'some avg10=9.00 avg60=28.50 avg300=51.00 total=1652982805\n')
  write('memory', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=7.00 avg60=7.00 avg300=7.00 total=1\n')
  write('io', '')
  expect(readPressure(folder)).toBeUndefined()
  write('io', 'some avg10=100.00 avg60=3.00 avg300=2.00 total=107287455\n')
  expect(readPressure(folder)).toEqual({
    cpu: { last10s: 0.09, last60s: 0.285, last300s: 0.51 },
    memory: { last10s: 0, last60s: 0, last300s: 0 },
    io: { last10s: 1, last60s: 0.03, last300s: 0.02 },
  })
})
