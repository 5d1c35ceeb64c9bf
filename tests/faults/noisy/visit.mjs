// A visitor outside: node visit.mjs CA URL. For each line `MS PATH` of stdin it asks for that page, again and again on new connections, for so long, and says how long each took.
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { createInterface } from 'node:readline'

const [, , caFile, origin] = process.argv
const ca = readFileSync(caFile)

function visit(path) {
  return new Promise((resolve) => {
    const began = performance.now()
    const end = (ok) => resolve({ ok, ms: performance.now() - began })
    const call = get(new URL(path, origin), { ca, agent: false, timeout: 10_000 }, (answer) => {
      answer.resume()
      answer.on('end', () => end(answer.statusCode === 200))
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => end(false))
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const [ms = '0', path = '/'] = line.split(' ')
  const until = performance.now() + Number(ms)
  const visits = []
  while (performance.now() < until) visits.push(await visit(path))
  process.stdout.write(`${JSON.stringify(visits)}\n`)
}
