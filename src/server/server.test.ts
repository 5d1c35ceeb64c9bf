import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../tests/helpers/panel-client.js'
import type { Operation } from '../model/operation.js'
import type { ServerSettings } from '../model/server-settings.js'
import { findOperation, saveOperation } from './register/operations.js'
import { openRegister } from './register/register.js'

/** The program as it is shipped: bundled, with its own files only. */
describe('the server as a program', () => {
  let folder: string
  const children: ChildProcess[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ruche-server-'))
    await symlink(resolve('node_modules'), join(folder, 'node_modules'))
    for (const name of ['lib', 'run', 'log', 'web']) await mkdir(join(folder, name))
    await writeFile(join(folder, 'web/index.html'), '<!doctype html><title>Ruche</title>')
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings(folder)))
    await build({
      entryPoints: ['src/server/main.ts'],
      outfile: join(folder, 'server.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: ['@photostructure/sqlite', 'pg-native'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    })
  })
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const start = async (stdin: 'ignore' | 'pipe' = 'ignore', file = 'settings.json') => {
    const child = spawn(process.execPath, [join(folder, 'server.mjs'), '--settings', join(folder, file)], {
      stdio: [stdin, 'ignore', 'pipe'],
    })
    children.push(child)
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += String(chunk)
    })
    return { child, said: () => said }
  }
  const answering = async (stdin: 'ignore' | 'pipe' = 'ignore') => {
    const { child, said } = await start(stdin)
    await until(
      'it listens',
      async () => child.exitCode !== null || (await ask('server.sock', '/api/welcome')) === 200,
      15_000,
    )
    expect(said()).toBe('')
    return child
  }
  const ask = (socket: string, path: string, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve) => {
      request({ socketPath: join(folder, 'run', socket), path, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
        .on('error', () => resolve(0))
        .end()
    })
  const end = async (child: ChildProcess) => {
    const began = Date.now()
    const [code] = (await once(child, 'exit')) as [number]
    return { code, ms: Date.now() - began }
  }

  it('listens on two sockets, one for root alone, and ends when told, with a stream still open', async () => {
    const child = await answering()
    expect((await stat(join(folder, 'run/server.sock'))).mode & 0o777).toBe(0o600)
    const panel = await stat(join(folder, 'run/panel.sock'))
    expect([panel.mode & 0o777, panel.gid]).toEqual([0o660, userInfo().gid])
    expect((await stat(join(folder, 'lib/register/register.db'))).mode & 0o777).toBe(0o600)
    expect(await ask('server.sock', '/api/session')).toBe(200)
    expect(await ask('server.sock', '/api/people')).toBe(200)
    expect(await ask('panel.sock', '/api/people', { host: 'ruche.localhost' })).toBe(401)
    expect(await ask('panel.sock', '/', { host: 'ruche.localhost' })).toBe(200)
    expect(await ask('panel.sock', '/', { host: 'other.localhost' })).toBe(421)
    void ask('server.sock', '/api/events')
    child.kill('SIGTERM')
    const { code, ms } = await end(child)
    expect(code).toBe(0)
    expect(ms).toBeLessThan(9000)
  })

  it('takes the place of one that was killed, and not of one that lives', async () => {
    const killed = await answering()
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    await answering()
    const register = await openRegister('sqlite', join(folder, 'lib/register'))
    await saveOperation(register.db, running)
    const second = await start()
    expect((await end(second.child)).code).toBe(1)
    expect(second.said()).toContain('Another server listens')
    // What the one that lives is doing was not taken for abandoned.
    expect(await findOperation(register.db, running.id)).toEqual(running)
    await register.close()
    expect(await ask('server.sock', '/api/welcome')).toBe(200)
  })

  it('ends with who started it', async () => {
    const child = await answering('pipe')
    child.stdin?.end()
    expect((await end(child)).code).toBe(0)
  })

  it('says what is wrong with its settings', async () => {
    await writeFile(join(folder, 'bad.json'), JSON.stringify({ ...settings(folder), colour: 'red' }))
    const { child, said } = await start('ignore', 'bad.json')
    expect((await end(child)).code).toBe(1)
    expect(said()).toContain('colour')
  })

  it('says that its log cannot be written', async () => {
    await writeFile(
      join(folder, 'nolog.json'),
      JSON.stringify({ ...settings(folder), logFolder: join(folder, 'web/index.html') }),
    )
    const { child, said } = await start('ignore', 'nolog.json')
    expect((await end(child)).code).toBe(1)
    expect(said()).not.toBe('')
  })

  it('says in its log why it could not start', async () => {
    await writeFile(join(folder, 'lib/register/secret.key'), 'damaged')
    const { child, said } = await start()
    expect((await end(child)).code).toBe(1)
    expect(said()).toContain('The secret key of the register is damaged.')
    const lines = (await readFile(join(folder, 'log/server.log'), 'utf8')).trim().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 60, msg: 'the server could not start' })
    await chmod(join(folder, 'lib/register/secret.key'), 0o600)
  })
})

const running: Operation = {
  id: 'a'.repeat(12),
  kind: 'site.start',
  subject: 'shop',
  by: 'alice',
  state: 'running',
  createdAt: new Date().toISOString(),
  steps: [],
  log: [],
}

function settings(folder: string): ServerSettings {
  const name = process.getuid?.() === 0 ? 'root' : userInfo().username
  return {
    configuration: {
      host: {},
      names: {},
      network: {},
      templates: {},
      register: {},
    } as unknown as ServerSettings['configuration'],
    libFolder: join(folder, 'lib'),
    runFolder: join(folder, 'run'),
    logFolder: join(folder, 'log'),
    webFolder: join(folder, 'web'),
    listen: ['127.0.0.1'],
    proxyGroup: name,
    publicAddresses: [],
    nginx: '/usr/sbin/nginx',
    sampleAccounts: [],
  }
}
