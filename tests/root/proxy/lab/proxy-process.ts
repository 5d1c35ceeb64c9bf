// Runs on the lab's machine as the server's user: the code under test.
import { openProxy, type ProxyOptions } from '../../../../src/server/proxy/proxy.js'
import type { ProxyRoutes } from '../../../../src/server/proxy/routes.js'
import { connectEnds } from './messages.js'

/** What a test may choose; the reload is the lab's. */
export type OpenOptions = Omit<ProxyOptions, 'reload'>

let proxy: ReturnType<typeof openProxy> | undefined

const call = connectEnds(process, {
  open: (options: OpenOptions) => {
    process.umask(0o027)
    proxy = openProxy({ ...options, reload: () => call('reload') })
  },
  /** How long it took, in ms. */
  apply: async (routes: ProxyRoutes) => {
    const start = performance.now()
    await proxy?.apply(routes)
    return performance.now() - start
  },
  state: () => proxy?.state(),
})
process.on('disconnect', () => process.exit())
