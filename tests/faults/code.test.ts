import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findCrashed } from '../../src/model/site-programs.js'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { until } from '../helpers/programs.js'

/** How the code of an owner runs: what is installed for it, who starts it again, what it is given. */
const context = { actor: 'test' }
const MIB = 1024 ** 2

let agent: TestAgent
beforeAll(async () => {
  agent = await startAgent()
})
afterAll(() => agent?.close())
afterEach(() => agent.engine.destroy('code', context))

/** A running site of a stack, given some files of its owner; its programs are started anew with them. */
async function runCode(stack: string, files: Record<string, string>): Promise<string> {
  const id = 'code'
  await agent.engine.create(specFor(id, 10, stack, { cpuMilli: 2000 }), context)
  const { ipv4 } = await agent.engine.start(id, context)
  for (const [path, text] of Object.entries(files))
    await asOwner(`mkdir -p "$(dirname ${path})" && cat > ${path}`, text)
  await asOwner('mkdir -p tmp && touch tmp/restart.txt')
  return ipv4
}

async function asOwner(script: string, input = ''): Promise<string> {
  const { code, stdout, stderr } = await execIn(agent, 'code', ['sh', '-c', `cd && ${script}`], {
    stdin: Buffer.from(input),
  })
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`)
  return stdout
}

const said = async (source: string): Promise<string> =>
  (await agent.engine.logs('code', 200))
    .filter((line) => line.source === source)
    .map(({ text }) => text)
    .join('\n')

/** Waits, and tells what the programs said when it was in vain. */
const patiently = async <T>(what: string, look: () => Promise<T>, timeoutMs = 60_000): Promise<T> => {
  try {
    return (await until(what, look, timeoutMs)) as T
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await said('programs')}`)
  }
}

const NODE = `require('node:http').createServer((request, response) => {
  if (request.url === '/boom') throw new Error('planted crash')
  response.end('fine ' + process.pid)
}).listen(process.env.PORT)`

describe('programs', () => {
  test('a Node program that crashes is started again, its last words are in the logs, and another runs beside it', async () => {
    const ipv4 = await runCode('nginx-node-none', {
      'server.js': NODE,
      Procfile: '# beside the default\nworker: echo from the worker; exec sleep 1000\nno line\n',
      crontab: '*/5 * * * * echo from cron\n61 * * * * never\n# a comment\n@hourly exec true\n',
    })
    const page = async () => (await agent.get(ipv4)).text
    const first = await patiently('the program answers', async () => /^fine (\d+)$/.exec(await page())?.[1])
    expect((await agent.get(ipv4, '/boom')).status).toBe(502)
    const second = await patiently('it answers again', async () => /^fine (\d+)$/.exec(await page())?.[1])
    expect(second).not.toBe(first)
    const words = await said('programs')
    expect(words).toContain('planted crash')
    expect(words).toContain('web ended with code 1 and is started again (crash 1).')
    expect(words).toContain('from the worker')
    expect(words).toContain('Procfile: not a line NAME: COMMAND: no line')
    expect(words).toContain('crontab: line 2 has times that are not understood')
    expect(await asOwner('ps -o user= -C node')).toBe('site\n')

    const now = await agent.engine.programs('code')
    expect(now).toMatchObject({ installing: false })
    const [web, worker] = now.programs.sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(web).toMatchObject({ name: 'web', state: 'running', crashes: 1, lastEnd: { code: 1 } })
    expect(web).not.toHaveProperty('command')
    expect(worker).toEqual({
      name: 'worker',
      command: 'echo from the worker; exec sleep 1000',
      state: 'running',
      since: expect.any(String),
      crashes: 0,
    })
    expect(findCrashed(now, Date.now()).map(({ name }) => name)).toEqual(['web'])
    expect(now.cron.map(({ line, times, command }) => [line, times, command.trim()])).toEqual([
      [1, '*/5 * * * *', 'echo from cron'],
      [4, '0 * * * *', 'exec true'],
    ])
    for (const { nextAt = '' } of now.cron) expect(Date.parse(nextAt)).toBeGreaterThan(Date.now() - 5 * 60_000)
  })

  test('a program that cannot start waits longer each time, which is seen; an end that was asked for is no crash', async () => {
    await runCode('nginx-node-none', { 'server.js': `throw new Error('planted failure')` })
    const web = async () => (await agent.engine.programs('code')).programs.find(({ name }) => name === 'web')
    const waiting = await patiently('it waits', async () => {
      const now = await web()
      return now?.state === 'waiting' && now.crashes >= 2 ? now : undefined
    })
    expect(Date.parse(waiting?.againAt ?? '')).toBeGreaterThan(Date.parse(waiting?.lastEnd?.at ?? ''))
    expect(await said('programs')).toContain('planted failure')
    await asOwner('cat > server.js && touch tmp/restart.txt', NODE)
    await patiently('it runs', async () => {
      const now = await web()
      return now?.state === 'running' && now.crashes === 0
    })
    await asOwner('touch tmp/restart.txt')
    await patiently(
      'it is started anew',
      async () => (await said('programs')).length > 0 && (await web())?.state === 'running',
    )
    expect(await said('programs')).not.toContain('ended by signal 15')
    await agent.engine.stop('code', context)
    expect(await agent.engine.programs('code')).toEqual({ installing: false, programs: [], cron: [] })
  })
})

describe('variables', () => {
  test('reach the programs as they are, at once; the loader’s own are refused by the agent too', async () => {
    const program = `require('node:http').createServer((_, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT)`
    const ipv4 = await runCode('nginx-node-none', { 'server.js': program })
    const seen = async () => JSON.parse((await agent.get(ipv4)).text) as Record<string, string>
    const spec = specFor('code', 10, 'nginx-node-none', { cpuMilli: 2000 })
    const environment = { MOTTO: 'two\n\nlines, "é" $x \\n', EMPTY: '', BLANKS: ' a b ', NODE_ENV: 'staging' }
    await agent.engine.update({ ...spec, settings: { ...spec.settings, environment } }, context)
    const now = await patiently('the program has them', async () => {
      const variables = await seen()
      return 'MOTTO' in variables ? variables : undefined
    })
    expect(now).toMatchObject(environment)
    expect(now).not.toHaveProperty('GREETING')
    const loader = { ...spec.settings, environment: { LD_PRELOAD: '/home/site/mine.so' } }
    await expect(agent.engine.update({ ...spec, settings: loader }, context)).rejects.toThrow('for the system itself')
  })
})

describe('what the code needs', () => {
  test('requirements of a Python site are installed by its user, and its program has them', async () => {
    const makeWheel = `import zipfile
with zipfile.ZipFile('vendor/probe-1.5-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('probe.py', 'NAME = "from the wheel"')
    wheel.writestr('probe-1.5.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: probe\\nVersion: 1.5\\n')
    wheel.writestr('probe-1.5.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('probe-1.5.dist-info/RECORD', '')
`
    const program = `import os, probe
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [f'{probe.NAME} {os.getuid()}'.encode()]
`
    const ipv4 = await runCode('nginx-python-none', {
      'vendor/make.py': makeWheel,
      'wsgi.py': program,
      'requirements.txt': '--no-index\n--find-links vendor\nprobe==1.5\n',
    })
    await asOwner('python3 vendor/make.py && touch tmp/restart.txt')
    await patiently('the program has it', async () => (await agent.get(ipv4)).text === 'from the wheel 1000', 90_000)
    expect(await asOwner('stat -c %U venv/lib/python3*/site-packages/probe.py')).toBe('site\n')
    expect(await agent.engine.programs('code')).not.toHaveProperty('installFailed')

    await asOwner('printf "%s\\n" --no-index "there-is-none==1" > requirements.txt && touch tmp/restart.txt')
    await patiently(
      'it is told that this failed',
      async () => (await agent.engine.programs('code')).installFailed !== undefined,
      90_000,
    )
    expect(await said('programs')).toContain('No matching distribution found for there-is-none==1')
  })

  test('an installation that takes more memory than the site has is ended, and the site goes on', async () => {
    const setup = `data = bytearray(400 * 1024 ** 2)\nfrom setuptools import setup\nsetup(name='hog', version='1')\n`
    const ipv4 = await runCode('nginx-python-none', {
      'hog/setup.py': setup,
      'requirements.txt': '--no-index\n./hog\n',
    })
    await patiently(
      'the installation has failed',
      async () => (await agent.engine.programs('code')).installFailed !== undefined,
      90_000,
    )
    await patiently('the default page answers', async () => (await agent.get(ipv4)).status === 200)
    const status = await agent.engine.find('code')
    expect(status?.phase).toBe('running')
    expect(status?.usage?.memoryBytes).toBeLessThan(256 * MIB)
  })

  test('dependencies of a Node site are installed by its user', async () => {
    const ipv4 = await runCode('nginx-node-none', {
      'parts/probe/package.json': '{"name": "probe", "version": "1.0.0", "main": "index.js"}',
      'parts/probe/index.js': `module.exports = 'from the part'`,
      'server.js': `require('node:http').createServer((_, response) => response.end(require('probe'))).listen(process.env.PORT)`,
      'package.json': '{"name": "site", "dependencies": {"probe": "file:parts/probe"}}',
    })
    await patiently('the program has it', async () => (await agent.get(ipv4)).text === 'from the part', 90_000)
    expect(await asOwner('stat -c %U package-lock.json')).toBe('site\n')
  })

  test('packages of a PHP site are installed by Composer at its start', async () => {
    const ipv4 = await runCode('nginx-php-none', {
      'parts/probe/composer.json': '{"name": "ruche/probe", "version": "1.0.0", "autoload": {"files": ["probe.php"]}}',
      'parts/probe/probe.php': `<?php function probe(): string { return 'from the part'; }`,
      'composer.json': JSON.stringify({
        repositories: [{ packagist: false }, { type: 'path', url: 'parts/*', options: { symlink: false } }],
        require: { 'ruche/probe': '1.0.0' },
      }),
      'public/index.php': `<?php require '../vendor/autoload.php'; echo probe();`,
    })
    await agent.engine.stop('code', context)
    await agent.engine.start('code', context)
    await patiently('the page has it', async () => (await agent.get(ipv4)).text === 'from the part', 90_000)
    expect(await asOwner('stat -c %U vendor/ruche/probe/probe.php')).toBe('site\n')
  })
})
