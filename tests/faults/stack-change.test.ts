import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../helpers/platform.js'

/** A site that becomes another one and is put back; and one that others begin from. */
const urlOf = (name: string) => `https://${name}.${BASE_DOMAIN}/`

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(...['shop', 'second', 'third'].map((name) => `${name}.${BASE_DOMAIN}`))
  await platform.json('create', 'shop', '--language', 'php', '--database', 'mariadb')
})
afterAll(() => platform?.close())

const page = async (name: string) => {
  const { code, stdout, stderr } = await platform.curl('--fail', urlOf(name))
  if (code !== 0) throw new Error(`${name}: ${stderr}`)
  return stdout
}
const visits = async (name: string) => Number(/id="visits">(\d+)</.exec(await page(name))?.[1])
async function inSite(name: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await platform.ruche('exec', name, '--', 'sh', '-c', script)
  if (code !== 0) throw new Error(`${script} ended with ${code} in ${name}: ${stderr}`)
  return stdout.trim()
}
const stackOf = async (name: string) => (await platform.json<{ stack: object }>('show', name)).stack

describe('another stack', () => {
  test('keeps the files, begins with an empty database, and is undone with all that the site held', async () => {
    await inSite('shop', 'echo "of the owner" > ~/private/note')
    // A backup asks for the page too, so that numbers are far apart instead of exact.
    for (let count = 1; count <= 50; count++) expect(await visits('shop')).toBe(count)
    await platform.json('stack', 'shop', '--database', 'postgresql')
    expect(await stackOf('shop')).toMatchObject({ server: 'nginx', language: 'php', database: 'postgresql' })
    expect(await inSite('shop', 'cat ~/private/note')).toBe('of the owner')
    expect(await visits('shop')).toBe(1)
    expect(await inSite('shop', 'grep -c postgresql:// ~/private/database.env')).not.toBe('0')
    await inSite('shop', 'echo changed > ~/private/note')
    await platform.json('stack', 'shop', '--undo')
    expect(await stackOf('shop')).toMatchObject({ database: 'mariadb' })
    expect(await inSite('shop', 'cat ~/private/note')).toBe('of the owner')
    expect(await visits('shop')).toBeGreaterThan(50)
    // And that is undone, too.
    await platform.json('stack', 'shop', '--undo')
    expect(await inSite('shop', 'cat ~/private/note')).toBe('changed')
    expect(await visits('shop')).toBeLessThan(50)
    await platform.json('stack', 'shop', '--undo')
    expect(await visits('shop')).toBeGreaterThan(50)
  }, 600_000)

  test('of another language and server serves the same document root', async () => {
    await inSite('shop', 'echo "<p>plain" > ~/public/plain.html')
    await platform.json('stack', 'shop', '--language', 'static', '--database', 'none', '--server', 'apache')
    expect((await platform.curl('--fail', `${urlOf('shop')}plain.html`)).stdout).toBe('<p>plain\n')
    await platform.json('stack', 'shop', '--undo')
    expect(await visits('shop')).toBeGreaterThan(50)
  }, 600_000)
})

describe('a model', () => {
  test('gives files and database to a new site at once, which then goes its own way', async () => {
    await platform.json('model', 'shop', '--for', 'owner')
    const before = await visits('shop')
    const began = performance.now()
    await platform.json('create', 'second', '--model', 'shop')
    const first = await visits('second')
    console.log(`created from a model and answered 200 after ${Math.round(performance.now() - began)} ms`)
    expect(first).toBe(before + 1)
    expect(await inSite('second', 'cat ~/private/note')).toBe('of the owner')
    expect(await visits('shop')).toBe(before + 1)
    await inSite('second', 'echo mine > ~/private/note')
    expect(await inSite('shop', 'cat ~/private/note')).toBe('of the owner')
    const key = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/22; head -c 8 <&3' && cat /etc/ssh/site/ssh_host_ed25519_key.pub`
    expect(await inSite('second', key)).not.toBe(await inSite('shop', key))
    await platform.json('model', 'shop', '--for', 'nobody')
    const refused = await platform.ruche('create', 'third', '--model', 'shop')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('There is no model called shop.')
  }, 300_000)
})
