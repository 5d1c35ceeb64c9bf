import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { findTomlLine } from './find-toml-line.js'
import { parseConfiguration, readConfiguration } from './read-configuration.js'

const refuse = (text: string, environment = {}) => {
  try {
    parseConfiguration('x.toml', text, environment)
  } catch (error) {
    return error as { code: string; message: string; hint: string }
  }
  throw new Error('accepted')
}

test('an empty file is the defaults, variables go over the file', () => {
  expect(parseConfiguration('x', '', {}).host.http_port).toBe(80)
  const environment = {
    RUCHE_HOST_HTTP_PORT: '8080',
    RUCHE_NETWORK_RESOLVERS: '192.0.2.1, 2001:db8::1',
    RUCHE_NAMES_PANEL: 'p.example.org',
    RUCHE_TEMPLATES: 'not a key of ours',
    RUCHE_ROOT: '/x',
  }
  const { host, network, names } = parseConfiguration('x', '[host]\nhttp_port = 81\nhttps_port = 444', environment)
  expect(host).toMatchObject({ http_port: 8080, https_port: 444 })
  expect(network.resolvers).toEqual(['192.0.2.1', '2001:db8::1'])
  expect(names.panel).toBe('p.example.org')
})

test.each([
  ['[host]\n\nhtp_port = 1', 'x.toml, line 3: host.htp_port: unknown key', 'did you mean http_port?'],
  ['[hosts]\nuplink = "x"', 'x.toml, line 1: hosts: unknown key', 'did you mean host?'],
  ['[names]\nzzzzzzzzzz = 1', 'x.toml, line 2: names.zzzzzzzzzz: unknown key', 'known here: panel, base_domain'],
  ['[host]\nhttp_port = 99999', 'x.toml, line 2: host.http_port: Too big', undefined],
  ['[host]\nhttp_port = "80"', 'x.toml, line 2: host.http_port: Invalid input', undefined],
  ['host.http_port = 443', 'x.toml, line 1: host.https_port: HTTP and HTTPS need two ports', undefined],
  ['[names]\npanel = "a"', 'x.toml, line 2: names.panel: at least two parts', undefined],
  ['[names]\npanel = "A.example"', 'x.toml, line 2: names.panel: write it as a.example', undefined],
  ['[network]\nsftp_ports = "1000-2000"', 'x.toml, line 2: network.sftp_ports: a range', undefined],
  ['[network]\nipv4 = "10.0.0.0/16"', 'x.toml, line 2: network.ipv4: a network of 256', undefined],
  ['[directory]\nurl = "http://x"', 'x.toml, line 2: directory.url: starts with ldap://', undefined],
  ['[host]\nhttp_port = ', 'x.toml, line 2, column', undefined],
  ['[host]\nhttp_port = 1\nhttp_port = 2', 'x.toml, line 3, column', undefined],
])('%j is refused where it stands', (text, message, hint) => {
  const error = refuse(text)
  expect(error.code).toBe('invalid')
  expect(error.message.startsWith(message), error.message).toBe(true)
  if (hint) expect(error.hint).toBe(hint)
})

test('a wrong variable is named, an unknown one too', () => {
  expect(refuse('', { RUCHE_HOST_HTTP_PORT: 'eighty' }).message).toMatch(/^RUCHE_HOST_HTTP_PORT: host\.http_port: /)
  expect(refuse('', { RUCHE_HOST_HTP_PORT: '1' })).toMatchObject({
    message: 'The environment sets RUCHE_HOST_HTP_PORT, which is no key of the configuration.',
    hint: 'did you mean RUCHE_HOST_HTTP_PORT?',
  })
})

test('lines are found in tables, dotted keys and inline tables', () => {
  const text = 'a.b = 1\n[c]\nd = { e = 1 }\n[c . "f"]\n"g" = 2\n'
  const lines = [['a', 'b'], ['c', 'd', 'e'], ['c', 'f', 'g'], ['z']].map((path) => findTomlLine(text, path))
  expect(lines).toEqual([1, 3, 5, undefined])
})

test('the file that is shipped is valid and names every key', async () => {
  const file = new URL('../../../packaging/ruche.toml', import.meta.url).pathname
  const { CONFIGURATION_KEYS } = await import('./keys.js')
  const { configuration } = await readConfiguration(file, {})
  expect(configuration).toEqual(parseConfiguration('defaults', '', {}))
  const text = await readFile(file, 'utf8')
  for (const [section, keys] of Object.entries(CONFIGURATION_KEYS)) {
    expect(text).toMatch(new RegExp(`^#? ?\\[${section}\\]`, 'm'))
    for (const key of Object.keys(keys)) expect(text, `${section}.${key}`).toMatch(new RegExp(`^#? ?${key} = `, 'm'))
  }
  // Every example that stands in a comment is right too.
  const uncommented = text.replace(/^# ?(\[\w+\]|\w+ = .*)$/gm, '$1')
  expect(parseConfiguration('examples', uncommented, {}).directory?.login_attribute).toBe('uid')
})

test('a named file must be there, the usual one need not', async () => {
  await expect(readConfiguration('/nowhere/ruche.toml', {})).rejects.toMatchObject({ code: 'not_found' })
  expect((await readConfiguration(null, {})).file).toBeUndefined()
})
