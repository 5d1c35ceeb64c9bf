import { spawn } from 'node:child_process'

/** Runs a program by its argument list; rejects with its last lines when it fails. `show` lets it write to our terminal. */
export function run(program, args, { show = false, env, cwd, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    if (input !== undefined) child.stdin.end(input)
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (chunk) => (stdout += chunk))
    child.stderr?.on('data', (chunk) => (stderr += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve({ stdout, stderr })
      const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-25).join('\n')
      reject(
        Object.assign(new Error(`${program} ${args[0] ?? ''} failed (${signal ?? code})\n${tail}`), { stdout, stderr }),
      )
    })
  })
}
