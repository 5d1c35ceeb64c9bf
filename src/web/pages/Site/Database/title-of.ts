import type { DatabaseTable } from '../../../../model/database.js'
import { visibleText } from '../../../../model/visible-text.js'

/** A table as it is called on the page. */
export function titleOf({ schema, name }: Pick<DatabaseTable, 'schema' | 'name'>): string {
  return visibleText(schema === undefined ? name : `${schema}.${name}`)
}
