import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProgramFailure, run } from './run.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-run-'))
})
afterEach(() => rm(folder, { recursive: true }))

const script = (text: string) => ['-c', text]

/** Whether a process with the pid in a file lives on. */
async function livesOn(file: string): Promise<boolean> {
  const pid = (await readFile(file, 'utf8')).trim()
  return existsSync(`/proc/${pid}`) && !(await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z ')
}

describe('run', () => {
  it('keeps the two streams apart and gives stdin', async () => {
    const result = await run('sh', script('cat; echo err >&2'), { stdin: 'in' })
    expect(result).toEqual({ stdout: 'in', stderr: 'err\n', exitCode: 0 })
  })

  it('hands arguments over as they are', async () => {
    const words = ['$(id)', ';', 'a b', '`id`', '--', '\n']
    expect((await run('printf', ['%s|', ...words])).stdout).toBe(words.map((word) => `${word}|`).join(''))
  })

  it('inherits nothing of our environment', async () => {
    vi.stubEnv('RUCHE_SECRET', 'canary')
    const { stdout } = await run('env', [], { env: { GIVEN: 'yes' } })
    vi.unstubAllEnvs()
    expect(stdout).toContain('GIVEN=yes')
    expect(stdout).not.toContain('canary')
  })

  it('tells how a program failed, with its last words', async () => {
    const failure = run('sh', script('echo first >&2; echo last >&2; exit 3'))
    await expect(failure).rejects.toMatchObject({ code: 'host_failed', message: 'sh failed (exit code 3): last' })
    const cause = await failure.catch((error: Error) => error.cause)
    expect(cause).toBeInstanceOf(ProgramFailure)
    expect(cause).toMatchObject({ exitCode: 3, stderr: 'first\nlast\n' })
  })

  it('takes accepted exit codes for answers', async () => {
    expect(await run('sh', script('exit 3'), { accept: [0, 3] })).toMatchObject({ exitCode: 3 })
    await expect(run('sh', script('exit 4'), { accept: [0, 3] })).rejects.toMatchObject({ code: 'host_failed' })
    // A signal is never an answer, whatever its number.
    await expect(run('sh', script('kill -9 $$'), { accept: [-1, 137] })).rejects.toMatchObject({
      message: 'sh was killed by SIGKILL',
    })
  })

  it('says that a program is not there', async () => {
    await expect(run('ruche-no-such-program', [])).rejects.toMatchObject({
      code: 'host_failed',
      message: 'ruche-no-such-program is not installed',
    })
  })

  it('ends what takes too long, with everything it started', async () => {
    const began = performance.now()
    const late = run('sh', script(`sleep 60 & echo $! >${folder}/pid; wait`), { timeoutMs: 300 })
    await expect(late).rejects.toMatchObject({ code: 'timed_out' })
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(await livesOn(`${folder}/pid`)).toBe(false)
  })

  it('can be cancelled, before and meanwhile', async () => {
    const abort = new AbortController()
    const cancelled = run('sh', script(`echo $$ >${folder}/pid; sleep 60`), { signal: abort.signal })
    await vi.waitFor(() => expect(existsSync(`${folder}/pid`)).toBe(true))
    abort.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'host_failed', message: 'sh was cancelled' })
    await expect(run('sh', [], { signal: abort.signal })).rejects.toMatchObject({ message: 'sh was cancelled' })
  })

  it('settles when the program ends, not when a grandchild closes its output', async () => {
    const began = performance.now()
    const { stdout } = await run('sh', script(`setsid sleep 5 & echo $! >${folder}/pid; echo done`))
    expect(stdout).toBe('done\n')
    expect(performance.now() - began).toBeLessThan(3_000)
    process.kill(Number(await readFile(`${folder}/pid`, 'utf8')), 'SIGKILL')
  })

  it('tells lines as they come, also unfinished and rewritten ones', async () => {
    const lines: string[] = []
    await run('printf', ['one\\ntwo\\r\\n10%%\\r20%%\\rlast'], { onLine: (line) => lines.push(line) })
    expect(lines).toEqual(['one', 'two', '10%', '20%', 'last'])
  })

  it('does not let a program fill the memory', async () => {
    await expect(run('yes', [])).rejects.toMatchObject({
      code: 'host_failed',
      message: expect.stringContaining('16 MiB'),
    })
    let count = 0
    const { stdout } = await run('head', ['-c', '30000000', '/dev/zero'], { onLine: () => (count += 1) })
    expect(count).toBe(1)
    expect(stdout.length).toBeLessThan(300_000)
  })

  it('decodes characters that are cut by the pipe', async () => {
    const { stdout } = await run('sh', script("printf '\\303'; sleep 0.1; printf '\\251'"))
    expect(stdout).toBe('é')
  })
})
