import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import type { OuterNetwork } from './outer-network.js'
import { succeed } from './programs.js'

/** Chromium of somebody outside: in the visitor's network, with our certificate authority among those it trusts. */
export interface VisitorBrowser {
  context: BrowserContext
  /** Errors that pages wrote to the console, and requests to other origins than our platform's names. */
  complaints: string[]
  close(): Promise<void>
}

// Without these, Chromium tries to reach its maker at every start.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function openVisitorBrowser(
  network: OuterNetwork,
  caFile: string,
  domain: string,
): Promise<VisitorBrowser> {
  const home = await mkdtemp('/tmp/ruche-browser-')
  await trust(home, caFile)
  const program = join(home, 'chromium')
  await writeFile(
    program,
    `#!/bin/sh\nexec ip netns exec ${network.visitor} env HOME=${home} /usr/bin/chromium "$@"\n`,
    { mode: 0o700 },
  )
  const context = await chromium.launchPersistentContext(join(home, 'profile'), {
    executablePath: program,
    args: QUIET,
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
  })
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' && !expected(message.text()))
      complaints.push(`${message.text()} (${message.location().url})`)
  })
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && !hostname.endsWith(domain)) complaints.push(`request to ${request.url()}`)
  })
  return {
    context,
    complaints,
    close: async () => {
      await context.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

// Chromium itself writes a line for every answer that is an error, also for one that the page expects and explains.
function expected(text: string): boolean {
  return text.startsWith('Failed to load resource: the server responded with a status of')
}

async function trust(home: string, caFile: string): Promise<void> {
  const store = join(home, '.pki/nssdb')
  await mkdir(store, { recursive: true })
  await succeed('certutil', ['-d', `sql:${store}`, '-N', '--empty-password'])
  await succeed('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'ruche', '-i', caFile])
}
