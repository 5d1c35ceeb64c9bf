import type { databaseApi } from '../../model/api/database.js'
import type { Dependencies } from '../dependencies.js'
import type { RouteTable } from './route-table.js'
import { streamOut } from './stream-out.js'
import { abortWithRight, attachment, takeBody } from './transfers.js'

const PAGE_ROWS = 50

export function databaseRoutes(dependencies: Dependencies): Pick<RouteTable, keyof typeof databaseApi> {
  const { engine } = dependencies
  return {
    lookAtDatabase: (_, { who, site }) => engine.database(site.name, who.login).look(),
    databaseRows: ({ query: { offset = 0, limit = PAGE_ROWS, ...page } }, { who, site }) =>
      engine.database(site.name, who.login).rows({ ...page, offset, limit }),
    runSql: ({ body }, { who, site }) => engine.database(site.name, who.login).run(body.sql),
    async exportDatabase({ query: { format } }, { who, site, reply }) {
      const abort = abortWithRight(dependencies, who, site.name)
      const name = `${site.name}.sql${format === 'gz' ? '.gz' : ''}`
      reply.header('content-type', format === 'gz' ? 'application/gzip' : 'application/sql')
      reply.header('content-disposition', attachment(name)).header('x-accel-buffering', 'no')
      return streamOut((out) => engine.database(site.name, who.login).export(format, out), abort)
    },
    async importDatabase({ query: { format, sizeBytes } }, { who, site, request }) {
      const abort = abortWithRight(dependencies, who, site.name)
      await takeBody(request, sizeBytes, abort, (content) =>
        engine.database(site.name, who.login).import({ format, sizeBytes }, content, abort.signal),
      )
      return {}
    },
  }
}
