import type { Input, TakeOutput, TerminalStreams } from '../../src/engine/engine.js'

/** A shell that says its size and then what is typed; `exit` ends it. */
export function fakeShell(streams: TerminalStreams, signal: AbortSignal | undefined): Promise<number> {
  const say = (text: string) => streams.onStdout(Buffer.from(text))
  const serve = async (): Promise<number> => {
    await say(`${streams.size.columns}x${streams.size.rows}\r\n$ `)
    streams.onResize(({ rows, columns }) => void say(`${columns}x${rows}\r\n`))
    for await (const chunk of streams.stdin) {
      if (Buffer.from(chunk).toString().startsWith('exit')) break
      await streams.onStdout(chunk)
    }
    return 0
  }
  return Promise.race([serve(), aborted(signal)])
}

export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

export async function passOn(input: Input, take: TakeOutput): Promise<void> {
  for await (const chunk of input instanceof Uint8Array ? [input] : input) await take(chunk)
}

/** Never ends by itself. */
export function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}
