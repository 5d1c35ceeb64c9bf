import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('docs/design/security.md says which tests show which promise, and every promise that can be has one', async () => {
  const { stderr } = await promisify(execFile)(process.execPath, ['scripts/security-page.mjs', '--check']).catch(
    (error) => error,
  )
  expect(stderr).toBe('')
})
