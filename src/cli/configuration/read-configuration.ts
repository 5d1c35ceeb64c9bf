import { readFile } from 'node:fs/promises'
import { parse, TomlError } from 'smol-toml'
import { Configuration } from '../../model/configuration.js'
import { parseDomainName } from '../../model/domain-name.js'
import { AppError } from '../../model/errors.js'
import { explainIssues, type Sources } from './explain-issue.js'
import { readEnvironment } from './read-environment.js'

/** Where the configuration is unless told otherwise. */
export const CONFIGURATION_FILE = '/etc/ruche/ruche.toml'

/**
 * The configuration: the file (its absence is an error only when it was named; `null`: none is read), `RUCHE_*` variables over it, defaults below.
 * AppError `invalid` that says where the mistake is, `not_found`.
 */
export async function readConfiguration(
  file: string | null | undefined,
  environment: Record<string, string | undefined>,
): Promise<{ configuration: Configuration; file: string | undefined }> {
  const path = file ?? CONFIGURATION_FILE
  const text = file === null ? undefined : await findText(path, file !== undefined)
  const configuration = parseConfiguration(path, text ?? '', environment)
  return { configuration, file: text === undefined ? undefined : path }
}

async function findText(path: string, needed: boolean): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && !needed) return undefined
    throw new AppError(code === 'ENOENT' ? 'not_found' : 'invalid', `${path} cannot be read: ${message}`)
  }
}

/** Checks the text of a configuration file with the environment over it. Pure. */
export function parseConfiguration(
  file: string,
  text: string,
  environment: Record<string, string | undefined>,
): Configuration {
  const sources: Sources = { file, text, environment: readEnvironment(environment) }
  const tables: Record<string, unknown> = { ...parseToml(file, text) }
  for (const { section, key, value } of sources.environment) {
    const table = tables[section] ?? {}
    if (typeof table === 'object') tables[section] = { ...table, [key]: value }
  }
  const result = Configuration.safeParse(tables)
  if (!result.success) throw explainIssues(result.error.issues, sources)
  const issues = findContradictions(result.data)
  if (issues.length > 0)
    throw explainIssues(
      issues.map(({ path, message }) => ({ code: 'custom', path, message })),
      sources,
    )
  return result.data
}

function parseToml(file: string, text: string): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [message = 'not TOML'] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
    throw new AppError('invalid', `${file}, line ${error.line}, column ${error.column}: ${message}`, {
      hint: 'packaging/ruche.toml explains every key',
      fields: [{ path: `line ${error.line}`, message }],
    })
  }
}

interface Contradiction {
  path: string[]
  message: string
}

/** What each key allows but the whole does not. */
function findContradictions({ names, dns, dyndns, network, host, backup }: Configuration): Contradiction[] {
  const problems: Contradiction[] = []
  for (const key of ['panel', 'base_domain'] as const) {
    const parsed = parseDomainName(names[key])
    if ('problem' in parsed) problems.push({ path: ['names', key], message: parsed.problem })
    else if (parsed.name !== names[key]) problems.push({ path: ['names', key], message: `write it as ${parsed.name}` })
  }
  if (names.panel === names.base_domain)
    problems.push({ path: ['names', 'panel'], message: 'the panel needs a name of its own, not the base domain' })
  problems.push(...findDnsContradictions(dns, names.base_domain), ...findDyndnsContradictions(dyndns))
  const [first = 0, last = 0] = network.sftp_ports.split('-').map(Number)
  if (first < 1024 || last > 65_535 || last - first < 254)
    problems.push({ path: ['network', 'sftp_ports'], message: 'a range of at least 255 ports between 1024 and 65535' })
  if (!/\.0\/24$/.test(network.ipv4))
    problems.push({ path: ['network', 'ipv4'], message: 'a network of 256 addresses, as in 10.1.1.0/24' })
  if (!/::\/64$/.test(network.ipv6))
    problems.push({ path: ['network', 'ipv6'], message: 'a network with 64 bits, as in fd00:10:1:1::/64' })
  problems.push(...findBackupContradictions(backup))
  if (host.http_port === host.https_port)
    problems.push({ path: ['host', 'https_port'], message: 'HTTP and HTTPS need two ports' })
  return problems
}

function findBackupContradictions(backup: Configuration['backup']): Contradiction[] {
  if (backup.repository === undefined) return []
  const missing = (['password_file', 'key_file', 'known_hosts_file'] as const).filter((key) => !backup[key])
  return missing.map((key) => ({ path: ['backup', key], message: 'backup.repository needs this file' }))
}

function findDyndnsContradictions(dyndns: Configuration['dyndns']): Contradiction[] {
  const problems: Contradiction[] = []
  if (dyndns.server === undefined) return problems
  const message = 'dyndns.server needs hostnames, user and password_file'
  for (const key of ['hostnames', 'user', 'password_file'] as const)
    if (dyndns[key] === undefined) problems.push({ path: ['dyndns', key], message })
  return problems
}

function findDnsContradictions(dns: Configuration['dns'], baseDomain: string): Contradiction[] {
  const problems: Contradiction[] = []
  if (dns.mode === 'server' && dns.server === undefined)
    problems.push({ path: ['dns', 'server'], message: 'dns.mode is server: which one takes the updates?' })
  if (dns.mode === 'server' && dns.key_file === undefined)
    problems.push({ path: ['dns', 'key_file'], message: 'dns.mode is server: updates are signed with a key' })
  if (dns.mode === 'off' && dns.owner_records)
    problems.push({ path: ['dns', 'owner_records'], message: 'dns.mode is off: nobody would announce them' })
  const zone = dns.zone ?? baseDomain
  if (baseDomain !== zone && !baseDomain.endsWith(`.${zone}`))
    problems.push({ path: ['dns', 'zone'], message: `${baseDomain} is not in this zone` })
  return problems
}
