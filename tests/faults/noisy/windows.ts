import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { OuterNetwork } from '../../helpers/outer-network.js'
import { endProcess, start } from '../../helpers/programs.js'

/** What a visitor saw in one stretch of time. */
export interface Window {
  p95Ms: number
  visits: number
  failed: number
}

export interface Visitor {
  /** Asks for a page again and again, each time on a new connection, for so long. */
  watch(path: string, timeMs: number): Promise<Window>
  close(): Promise<void>
}

/** Somebody outside, in a process of its own, that trusts only our certificate authority. */
export function openVisitor(network: OuterNetwork, caFile: string, origin: string): Visitor {
  const script = new URL('visit.mjs', import.meta.url).pathname
  const { child, lines } = speak(network, network.visitor, [process.execPath, script, caFile, origin])
  return {
    watch: async (path, timeMs) => {
      child.stdin?.write(`${timeMs} ${path}\n`)
      const visits = JSON.parse(await lines()) as { ok: boolean; ms: number }[]
      const failed = visits.filter((visit) => !visit.ok).length
      return {
        p95Ms: quantile(
          visits.map(({ ms }) => ms),
          0.95,
        ),
        visits: visits.length,
        failed,
      }
    },
    close: () => endProcess(child, 'SIGTERM', 1000),
  }
}

export interface Speaker {
  child: ChildProcess
  /** Its next line; empty when it has ended. */
  lines(): Promise<string>
  /** Its exit code. */
  ended: Promise<number | null>
  output(): string
}

/** Starts a program in one of the outer namespaces and listens to its lines. */
export function speak(network: OuterNetwork, space: string, argv: string[]): Speaker {
  const [program, args] = network.inside(space, argv)
  const { child, output } = start(program, args)
  if (!child.stdout) throw new Error('it has no output')
  const next = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, output, ended, lines: async () => String((await next.next()).value ?? '') }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
