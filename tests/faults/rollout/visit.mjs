// A visitor outside: node visit.mjs CA URL…. One client per address asks for it again and again until stdin ends; then it says what each has seen.
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

const [, , caFile, ...urls] = process.argv
const ca = readFileSync(caFile)
const PAUSE_MS = 50

function visit(url) {
  return new Promise((resolve) => {
    const began = Date.now()
    const end = (status) => resolve({ began, ended: Date.now(), status })
    const call = get(url, { ca, agent: false, timeout: 60_000 }, (answer) => {
      answer.resume()
      answer.on('end', () => end(answer.statusCode))
    })
    call.on('timeout', () => call.destroy())
    call.on('error', ({ code }) => end(code))
  })
}

let isOver = false
process.stdin.on('end', () => (isOver = true)).resume()
const seen = await Promise.all(
  urls.map(async (url) => {
    const visits = []
    while (!isOver) {
      visits.push(await visit(url))
      await sleep(PAUSE_MS)
    }
    return [url, visits]
  }),
)
process.stdout.write(JSON.stringify(Object.fromEntries(seen)))
