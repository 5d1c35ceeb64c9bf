import { expect, test } from 'vitest'
import { planContained } from './contained.js'

test('what packages bring runs without network, and ends with the builder', () => {
  const args = planContained(['apt-get', 'install'], { tree: '/t/tree' })
  for (const option of ['--pdeathsig', '--kill-child', '--pid', '--mount', '--net', '--mount-proc=/t/tree/proc'])
    expect(args).toContain(option)
  expect(args.slice(-3)).toEqual(['--', 'apt-get', 'install'])
})

test('what fetches has the network', () => {
  expect(planContained(['apt-get', 'update'], {})).not.toContain('--net')
})
