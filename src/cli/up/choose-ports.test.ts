import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { arePortsFree, choosePort } from './choose-ports.js'
import { parseResolvers } from './find-resolvers.js'
import { findPortHolder, parseHolders } from './port-holder.js'

const taken = (...ports: number[]) => ({
  isFree: async (port: number) => !ports.includes(port),
  findHolder: async (port: number) => ({ name: 'apache2 (process 7)', ours: port === 81 }),
})

test('the wanted port when it is free, or when our own front proxy has it', async () => {
  expect(await choosePort(80, undefined, 'k', taken())).toBe(80)
  expect(await choosePort(81, undefined, 'k', taken(81))).toBe(81)
})

test('a demonstration takes the next free one, anybody else is told who has it', async () => {
  expect(await choosePort(80, 8080, 'k', taken(80, 8080))).toBe(8081)
  await expect(choosePort(80, undefined, 'host.http_port', taken(80))).rejects.toMatchObject({
    code: 'conflict',
    message: 'Port 80 is taken by apache2 (process 7).',
    fields: [{ path: 'host.http_port' }],
  })
})

const server = createServer()
afterEach(() => server.close())
test('a port that this process listens on is taken, by this process', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  expect(await arePortsFree(['127.0.0.1'], port)).toBe(false)
  const holder = await findPortHolder(port, '/nowhere')
  expect(holder).toEqual({ name: expect.stringContaining(`(process ${process.pid})`), ours: false })
  const program = process.argv[0]?.split('/').slice(0, -1).join('/') ?? ''
  expect((await findPortHolder(port, program)).ours).toBe(true)
})

test('ss names each process', () => {
  const line = 'LISTEN 0 511 *:80 *:* users:(("nginx",pid=12,fd=6),("nginx",pid=11,fd=6))\n'
  expect(parseHolders(line)).toEqual([
    { name: 'nginx', pid: 12 },
    { name: 'nginx', pid: 11 },
  ])
  expect(parseHolders('')).toEqual([])
})

test('resolvers on loopback or tied to a link cannot be led to', () => {
  const text =
    '# x\nnameserver 127.0.0.53\nnameserver ::1\nnameserver fe80::1%eth0\nsearch a\nnameserver 192.0.2.53\n nameserver 2001:db8::53 \n'
  expect(parseResolvers(text)).toEqual(['192.0.2.53', '2001:db8::53'])
})
