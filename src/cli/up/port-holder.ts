import { readFile } from 'node:fs/promises'
import { run } from '../run.js'
import type { PortHolder } from './choose-ports.js'

/** Asks ss(8) who listens on a TCP port; the front proxy whose configuration is in `proxyFolder` is ours. */
export async function findPortHolder(port: number, proxyFolder: string): Promise<PortHolder> {
  const { stdout } = await run('ss', ['-Hltnp', `sport = :${port}`], { timeoutMs: 10_000, accept: [0, 1, 255] })
  const holders = parseHolders(stdout)
  const lines = await Promise.all(holders.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  const first = holders[0]
  return {
    name: first && `${first.name} (process ${first.pid})`,
    ours: lines.some((line) => line.includes(`${proxyFolder}/`)),
  }
}

/** Programs and process numbers in the answer of `ss -p`. Pure. */
export function parseHolders(text: string): { name: string; pid: number }[] {
  return [...text.matchAll(/\("([^"]*)",pid=(\d+)/g)].map(([, name = '', pid]) => ({ name, pid: Number(pid) }))
}
