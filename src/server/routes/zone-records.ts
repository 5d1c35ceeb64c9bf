import type { Dependencies } from '../dependencies.js'
import { addRecord, removeRecord, showRecords } from '../sites/zone-records.js'
import type { RouteTable } from './route-table.js'

type Names = 'listRecords' | 'addRecord' | 'removeRecord'

export function zoneRecordRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  return {
    listRecords: (_, { site }) => showRecords(dependencies, site),
    addRecord: ({ body }, { site }) => addRecord(dependencies, site, body),
    async removeRecord({ params }, { site }) {
      await removeRecord(dependencies, site, params.id)
      return { removed: params.id }
    },
  }
}
