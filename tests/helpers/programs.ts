import { type ChildProcess, execFile, spawn } from 'node:child_process'

/** How much longer than here everything may take on a slow machine (RUCHE_TEST_PATIENCE): deadlines are multiplied by it, nothing else. */
export const PATIENCE = Number(process.env.RUCHE_TEST_PATIENCE ?? 1)

export interface Finished {
  code: number
  stdout: string
  stderr: string
}

/** Runs a program to its end and never throws for its exit code: tests look at that themselves. */
export function finish(
  program: string,
  args: string[],
  options: { input?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const settings = {
      maxBuffer: 64 * 1024 ** 2,
      timeout: (options.timeoutMs ?? 120_000) * PATIENCE,
      env: { ...process.env, ...options.env },
    }
    const child = execFile(program, args, settings, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0
      resolve({ code, stdout, stderr })
    })
    // A program may end without having read its input (EPIPE): its exit code tells whether that was right.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
  })
}

/** Runs a program that must succeed, and answers its standard output. */
export async function succeed(
  program: string,
  args: string[],
  options: Parameters<typeof finish>[2] = {},
): Promise<string> {
  const { code, stdout, stderr } = await finish(program, args, options)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return stdout
}

/** Starts a program that goes on; its output is kept for error messages. */
export function start(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; output: () => string } {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  return { child, output: () => text }
}

/** Waits for a condition with a deadline; the condition's last answer or error is part of the failure. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const end = performance.now() + deadlineMs * PATIENCE
  let last: unknown
  while (performance.now() < end) {
    try {
      const answer = await look()
      if (answer !== undefined && answer !== false) return answer
      last = answer
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(
    `${what}: not within ${deadlineMs * PATIENCE} ms (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`,
  )
}

export async function endProcess(child: ChildProcess, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), deadlineMs * PATIENCE)
  await ended
  clearTimeout(late)
}
