import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { collectOutput } from './output.js'

/** A machine that has no time for us. */
function stall(timeMs: number): void {
  const end = performance.now() + timeMs
  while (performance.now() < end);
}

it('has the last words of a program whose end is noticed before them, however late', async () => {
  const other = spawn('sh', ['-c', 'echo first'])
  const child = spawn('sh', ['-c', 'sleep 0.1; echo words'])
  const output = collectOutput(child, undefined, () => undefined)
  // While we are at this, the second ends as well; both ends are then noticed together, and the words were not looked for yet.
  other.stdout.on('data', () => stall(500))
  await once(child, 'exit')
  const drained = output.drained()
  stall(500)
  await drained
  expect(output.end().stdout).toBe('words\n')
})
