import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('docs/reference says what the code says', async () => {
  const { stderr } = await promisify(execFile)(process.execPath, ['scripts/reference.mjs', '--check']).catch(
    (error) => error,
  )
  expect(stderr).toBe('')
})
