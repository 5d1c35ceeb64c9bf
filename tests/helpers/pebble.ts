import type { ChildProcess } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { endProcess, start, succeed, until } from './programs.js'

/** An ACME server for tests (Debian's pebble): whom it must be trusted by, and what it signs with. */
export interface Pebble {
  directoryUrl: string
  /** Authority of its own HTTPS. */
  caFile: string
  /** Authority of the certificates it issues, as visitors would trust it, PEM. Another one after each start. */
  rootPem(): Promise<string>
  output(): string
  stop(): Promise<void>
}

export interface PebbleOptions {
  folder: string
  address: string
  port: number
  dnsServer: string
  httpPort: number
  /** Argument list that runs a program where pebble is to run. */
  inside?: (argv: string[]) => [program: string, args: string[]]
  validitySeconds?: number
  rejectedNonces?: number
  /** Where it accepts accounts only that are bound to another (RFC 8555 §7.3.4). */
  bindingKeys?: Record<string, string>
}

/** Starts one that answers at once. */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const { folder, address, port, inside = ([program = '', ...args]) => [program, args] } = options
  await mkdir(folder, { recursive: true })
  const files = await makeOwnCertificate(folder, address)
  const config = join(folder, 'pebble.json')
  await writeFile(config, JSON.stringify({ pebble: planConfig(options, files) }))
  const [program, args] = inside(['pebble', '-config', config, '-dnsserver', options.dnsServer])
  const env = {
    PEBBLE_VA_NOSLEEP: '1',
    PEBBLE_WFE_NONCEREJECT: String(options.rejectedNonces ?? 0),
    PEBBLE_AUTHZREUSE: '0',
  }
  const { child, output } = start(program, args, env)
  const ask = (where: string) => {
    const [curl, words] = inside(['curl', '-sS', '--cacert', files.ca, `https://${address}:${where}`])
    return succeed(curl, words)
  }
  await until('pebble answers', async () => {
    if (child.exitCode !== null) throw new Error(`pebble ended:\n${output()}`)
    return ask(`${port}/dir`).then(
      () => true,
      () => false,
    )
  })
  return {
    directoryUrl: `https://${address}:${port}/dir`,
    caFile: files.ca,
    rootPem: () => ask(`${port + 1}/roots/0`),
    output,
    stop: () => endProcess(child as ChildProcess, 'SIGTERM', 10_000),
  }
}

function planConfig(
  { address, port, httpPort, validitySeconds, bindingKeys }: PebbleOptions,
  files: { certificate: string; key: string },
) {
  return {
    listenAddress: `${address}:${port}`,
    managementListenAddress: `${address}:${port + 1}`,
    certificate: files.certificate,
    privateKey: files.key,
    httpPort,
    tlsPort: 5001,
    ocspResponderURL: '',
    externalAccountBindingRequired: bindingKeys !== undefined,
    ...(bindingKeys && { externalAccountMACKeys: bindingKeys }),
    ...(validitySeconds !== undefined && { certificateValidityPeriod: validitySeconds }),
  }
}

async function makeOwnCertificate(folder: string, address: string) {
  const ca = join(folder, 'ca.pem')
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  const anew = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  await succeed('openssl', [
    ...anew,
    ...['-subj', '/CN=CA of a test', '-addext', 'basicConstraints=critical,CA:TRUE'],
    ...['-keyout', join(folder, 'ca-key.pem'), '-out', ca],
  ])
  await succeed('openssl', [
    ...anew,
    ...['-subj', '/CN=pebble', '-addext', `subjectAltName=IP:${address}`, '-addext', 'basicConstraints=CA:FALSE'],
    ...['-CA', ca, '-CAkey', join(folder, 'ca-key.pem'), '-keyout', key, '-out', certificate],
  ])
  return { ca, certificate, key }
}
