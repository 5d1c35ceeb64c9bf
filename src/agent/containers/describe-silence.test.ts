import { expect, test } from 'vitest'
import { describeSilence } from './describe-silence.js'

const service = (name: string, probe: string, recipe?: string) => ({
  name,
  stopOrder: 10,
  stopGraceMs: 1000,
  ready: [probe],
  ...(recipe !== undefined && { recipe }),
})
const services = [service('nginx', 'tcp:80', 'server/nginx'), service('odd', 'tcp:8080')]

test.each([
  ['tcp:80', 'The service nginx of the recipe server/nginx did not answer in time'],
  ['tcp:8080', 'The service odd did not answer in time'],
  ['tcp:808', "The container's services did not answer in time"],
])('who did not answer at %s', (probe, words) => {
  const { code, message } = describeSilence(services, `launch: ready: no answer from ${probe}`)
  expect(code).toBe('timed_out')
  expect(message).toBe(`${words} (launch: ready: no answer from ${probe}).`)
})
