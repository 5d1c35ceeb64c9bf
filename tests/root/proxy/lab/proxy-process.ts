// Runs on the lab's machine as the server's user: the code under test.
import { join } from 'node:path'
import type { OwnCertificate } from '../../../../src/model/certificate.js'
import { openCertificates } from '../../../../src/server/certificates/local-ca.js'
import { type OwnCertificates, openOwnCertificates } from '../../../../src/server/certificates/own/own-certificates.js'
import { preferOwn } from '../../../../src/server/certificates/own/prefer-own.js'
import { openProxy, type ProxyOptions } from '../../../../src/server/proxy/proxy.js'
import type { ProxyRoutes } from '../../../../src/server/proxy/routes.js'
import { connectEnds } from './messages.js'

/** What a test may choose; the reload is the lab's. */
export type OpenOptions = Omit<ProxyOptions, 'reload' | 'certificates'>

let proxy: ReturnType<typeof openProxy> | undefined
let own: OwnCertificates | undefined
/** As if the clock of the certificates had gone on. */
let laterMs = 0

const call = connectEnds(process, {
  open: async (options: OpenOptions) => {
    process.umask(0o027)
    const { names } = options.settings.configuration
    const folder = join(options.settings.libFolder, 'certificates')
    const local = await openCertificates(folder, [names.base_domain, names.panel])
    own = await openOwnCertificates(join(folder, 'own'), () => new Date(Date.now() + laterMs))
    proxy = openProxy({ ...options, reload: () => call('reload'), certificates: preferOwn(local, own) })
  },
  /** How long it took, in ms. */
  apply: async (routes: ProxyRoutes) => {
    const start = performance.now()
    await proxy?.apply(routes)
    return performance.now() - start
  },
  state: () => proxy?.state(),
  setOwn: ({ name, certificate }: { name: string; certificate: OwnCertificate }) => own?.set(name, certificate),
  removeOwn: (name: string) => own?.remove(name),
  passTime: (ms: number) => {
    laterMs += ms
  },
})
process.on('disconnect', () => process.exit())
