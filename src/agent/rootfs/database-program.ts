import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A program of a database's recipe that is no part of templates: it is run in sites of every age. Undefined when the database has none. */
export async function readDatabaseProgram(
  recipesFolder: string,
  database: string,
  name: 'backup' | 'client' | 'table',
): Promise<string | undefined> {
  const program = await readFile(join(recipesFolder, 'database', database, name), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    },
  )
  return name === 'client' && program !== undefined
    ? (await readFile(join(recipesFolder, 'database/client.pl'), 'utf8')) + program
    : program
}
