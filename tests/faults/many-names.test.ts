import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE, type Lab, openLab } from '../root/proxy/lab/lab.js'
import { statusesOf, visitRaw } from '../root/proxy/lab/raw-visit.js'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
  await lab.startPanel()
  await lab.listen('shop', '10.1.1.2', 'echo')
})
afterAll(() => lab?.close())

/** 250 sites at most, as many names each as it takes. */
function planSites(names: number) {
  const count = Math.min(names, 250)
  return Array.from({ length: count }, (_, index) => ({
    name: `site-${index}`,
    ipv4: `10.1.1.${index + 2}`,
    domains: Array.from(
      { length: Math.ceil((names - index) / count) },
      (_, more) => `name-${index + more * count}.${BASE}`,
    ),
  }))
}

async function memoryOfNginx(): Promise<number> {
  const master = lab.nginx()?.pid
  let kilobytes = 0
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    if (Number(pid) !== master && Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== master) continue
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
  }
  return kilobytes / 1024
}

const visit = (name: string) => visitRaw(lab, name, `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`)
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Each one visit after the other, every time over a connection of its own. */
const VISITORS = 200

// What a change costs hardly depends on how many names there are, and no visitor notices it.
test('PRX-10: adding a name among 10, 1,000 and 5,000 costs about the same and fails no request of 200 visitors', async () => {
  const results: {
    names: number
    addMs: number
    nothingMs: number
    memoryMb: number
    requests: number
    failed: number
  }[] = []
  const failures: string[] = []
  for (const names of [10, 1_000, 5_000]) {
    const sites = planSites(names)
    await lab.apply(sites)
    let [running, requests] = [true, 0]
    const load = Array.from({ length: VISITORS }, async () => {
      while (running) {
        const text = await visit(`name-0.${BASE}`).catch(String)
        requests += 1
        if (statusesOf(text)[0] !== 200) failures.push(text)
      }
    })
    const times: number[] = []
    for (let round = 0; round < 5; round++) {
      const name = `added-${round}.${BASE}`
      times.push(await lab.apply([...sites, { name: 'added', ipv4: '10.1.1.2', domains: [name] }]))
      expect(statusesOf(await visit(name))).toEqual([200])
    }
    running = false
    await Promise.all(load)
    const nothingMs = await lab.apply([...sites, { name: 'added', ipv4: '10.1.1.2', domains: [`added-4.${BASE}`] }])
    const memoryMb = Math.round(await memoryOfNginx())
    const failed = failures.length
    results.push({
      names,
      addMs: Math.round(median(times)),
      nothingMs: Math.round(nothingMs),
      memoryMb,
      requests,
      failed,
    })
  }
  console.table(results)
  expect(failures).toEqual([])
  const [few, , many] = results
  expect((many?.addMs ?? 0) / (few?.addMs ?? 1)).toBeLessThan(4)
  expect((many?.memoryMb ?? 0) / (few?.memoryMb ?? 1)).toBeLessThan(4)
})
