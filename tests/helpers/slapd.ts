import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Slapd {
  port: number
  tlsPort: number
  folder: string
  /** The authority that signed its certificate, and one that did not. */
  caFile: string
  otherCaFile: string
  /** Applies an LDIF of changes. */
  modify(ldif: string): Promise<void>
  close(): Promise<void>
}

const BASE = 'dc=example,dc=test'
const ROOT = ['-x', '-D', `cn=root,${BASE}`, '-w', 'root']

/** A real slapd in a folder of its own on free ports of the loopback, with these entries. */
export async function openSlapd(entries: string): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'ruche-slapd-'))
  await mkdir(join(folder, 'data'))
  await makeAuthority(folder, 'ca')
  await makeAuthority(folder, 'other')
  await makeCertificate(folder)
  const config = join(folder, 'slapd.conf')
  await writeFile(config, renderConfig(folder))
  await writeFile(join(folder, 'entries.ldif'), entries)
  await run('slapadd', ['-f', config, '-l', join(folder, 'entries.ldif')])
  const [port, tlsPort] = [await freePort(), await freePort()]
  const url = `ldap://127.0.0.1:${port}`
  const listeners = `${url}/ ldaps://127.0.0.1:${tlsPort}/`
  const child = spawn('slapd', ['-f', config, '-h', listeners, '-d', '0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  await waitUntilItAnswers(child, url)
  return {
    port,
    tlsPort,
    folder,
    caFile: join(folder, 'ca.pem'),
    otherCaFile: join(folder, 'other.pem'),
    async modify(ldif) {
      const file = join(folder, 'change.ldif')
      await writeFile(file, ldif)
      await run('ldapmodify', [...ROOT, '-H', url, '-f', file])
    },
    async close() {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function waitUntilItAnswers(child: ChildProcess, url: string): Promise<void> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  const deadline = Date.now() + 15_000
  for (;;) {
    if (child.exitCode !== null) throw new Error(`slapd ended: ${said}`)
    try {
      await run('ldapwhoami', [...ROOT, '-H', url])
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
  }
}

function renderConfig(folder: string): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`)
  return `${schemas.join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/pid
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
database mdb
suffix "${BASE}"
rootdn "cn=root,${BASE}"
rootpw root
directory ${folder}/data
maxsize 16777216
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=hidden,${BASE}" by dn.exact="cn=reader,${BASE}" read by anonymous auth by * none
access to * by * read
`
}

async function makeAuthority(folder: string, name: string): Promise<void> {
  const [key, pem] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  const subject = ['-subj', `/CN=${name}`, '-days', '2', '-nodes']
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-keyout',
    key,
    '-out',
    pem,
    ...subject,
  ])
}

async function makeCertificate(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name)
  await writeFile(at('san'), 'subjectAltName=IP:127.0.0.1,IP:0.0.0.0\n')
  const request = ['-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=directory', '-nodes']
  await run('openssl', ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...request])
  const authority = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('san')]
  await run('openssl', ['x509', '-req', '-in', at('server.csr'), '-out', at('server.pem'), '-days', '2', ...authority])
}

/** A port of the loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
