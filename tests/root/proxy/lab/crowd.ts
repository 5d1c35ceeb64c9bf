import { readdir, readFile } from 'node:fs/promises'
import { BASE, type Lab } from './lab.js'
import { statusesOf, visitRaw } from './raw-visit.js'

/** What names cost the front proxy while visitors come without a pause. */
export interface Crowd {
  /** Milliseconds from the wish for one name more until the front proxy serves it, one for each round. */
  addMs: number[]
  /** The same when nothing is to be changed. */
  nothingMs: number
  /** Proportional share of nginx with its workers (proc_pid_smaps_rollup(5)). */
  memoryBytes: number
  requests: number
  /** What visitors got instead of an answer. */
  failures: string[]
}

/** Adds one name to `names` again and again, under the load of `visitors`: each makes one visit after the other, every time over a connection of its own. */
export async function measureCrowd(lab: Lab, names: number, visitors: number, rounds: number): Promise<Crowd> {
  const sites = planSites(names)
  const added = (round: number) => ({ name: 'added', ipv4: '10.1.1.2', domains: [`added-${round}.${BASE}`] })
  await lab.apply(sites)
  const failures: string[] = []
  let [running, requests] = [true, 0]
  const load = Array.from({ length: visitors }, async () => {
    while (running) {
      const text = await visit(lab, `name-0.${BASE}`).catch(String)
      requests += 1
      if (statusesOf(text)[0] !== 200) failures.push(text)
    }
  })
  const addMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const site = added(round)
    addMs.push(await lab.apply([...sites, site]))
    const text = await visit(lab, site.domains.join()).catch(String)
    if (statusesOf(text)[0] !== 200) failures.push(`${site.domains}: ${text}`)
  }
  running = false
  await Promise.all(load)
  const nothingMs = await lab.apply([...sites, added(rounds - 1)])
  return { addMs, nothingMs, memoryBytes: await memoryOfNginx(lab), requests, failures }
}

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

async function memoryOfNginx(lab: Lab): Promise<number> {
  const master = lab.nginx()?.pid
  let kilobytes = 0
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    if (Number(pid) !== master && Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== master) continue
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
  }
  return kilobytes * 1024
}

const visit = (lab: Lab, name: string) =>
  visitRaw(lab, name, `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`)
