import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { MOST_PAGE_ROWS, Sql } from '../../model/database.js'
import { AppError } from '../../model/errors.js'
import { checkInput, checkSiteName, invalidInput, parseCount } from '../check-input.js'
import type { Context } from '../context.js'
import { follow } from '../follow.js'
import { exportToFile, importFromFile } from '../move-database.js'
import { renderRows, renderRun, renderTables } from '../render-database.js'
import { renderPairs } from '../render-table.js'

interface Options {
  sort?: string
  down?: boolean
  schema?: string
  offset: string
  limit: string
}

interface Work {
  context: Context
  name: string
  options: Options
}

const verbs: Record<string, { words: [least: number, most: number]; run(work: Work, words: string[]): Promise<void> }> =
  {
    access: { words: [0, 0], run: showAccess },
    tables: { words: [0, 0], run: listTables },
    rows: { words: [1, 1], run: listRows },
    query: { words: [0, 1], run: query },
    export: { words: [0, 1], run: exportToFile },
    import: { words: [1, 1], run: importFromFile },
    'rotate-password': { words: [0, 0], run: rotatePassword },
  }

const VERBS = `
  access                    how code reaches it, with its password
  tables                    what is in it, and how large it is
  rows TABLE                some rows of a table
  query [SQL]               runs statements, those of standard input when none are given
  export [FILE|-]           all of it as SQL; a name in .gz is packed (NAME.sql.gz when none is given)
  import FILE               runs a dump (.sql, .gz)
  rotate-password           a new password; the code that reads it from its environment goes on`

export function defineDatabase(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('[verb]', 'what to do, see below', 'access')
    .argument('[words...]', 'a table, statements, a file of this machine')
    .option('--sort <column>', 'rows: in the order of a column')
    .option('--down', 'rows: beginning with the largest')
    .option('--schema <name>', 'rows: of a table in that schema (PostgreSQL)')
    .option('--offset <count>', 'rows: begin after so many', '0')
    .option('--limit <count>', `rows: so many, at most ${MOST_PAGE_ROWS}`, '50')
    .addHelpText('after', VERBS)
    .action(async (text: string, verb: string, words: string[], options: Options) => {
      const found = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
      if (!found)
        throw new AppError('invalid', `database has no verb ${verb}`, {
          hint: `one of ${Object.keys(verbs).join(', ')}`,
        })
      const [least, most] = found.words
      if (words.length < least || words.length > most)
        throw new AppError('invalid', `database ${verb}: wrong number of words`, { hint: 'ruche database --help' })
      await found.run({ context: open(), name: checkSiteName(text), options }, words)
    })
}

async function showAccess({ context, name }: Work): Promise<void> {
  const { database } = await context.client.call('siteAccess', { params: { name } })
  if (!database)
    throw new AppError('not_found', `${name} has no database.`, {
      hint: 'it was chosen at creation: --database mariadb',
    })
  context.print(database, () => renderPairs(Object.entries(database), (key) => context.paint('dim', key)))
}

async function rotatePassword(work: Work): Promise<void> {
  const { context, name } = work
  const body = { which: 'database' as const }
  await follow(context, (await context.client.call('rotatePassword', { params: { name }, body })).operation)
  await showAccess(work)
}

async function listTables({ context, name }: Work): Promise<void> {
  const look = await context.client.call('lookAtDatabase', { params: { name } })
  context.print(look, () => renderTables(look, context))
}

async function listRows({ context, name, options }: Work, [table = '']: string[]): Promise<void> {
  const { sort, schema, down } = options
  const limit = parseCount(options.limit, 'limit')
  if (limit < 1 || limit > MOST_PAGE_ROWS) throw invalidInput('limit', `1 to ${MOST_PAGE_ROWS}`)
  const query = {
    table,
    offset: parseCount(options.offset, 'offset'),
    limit,
    ...(sort !== undefined && { sort }),
    ...(schema !== undefined && { schema }),
    ...(down && { direction: 'down' as const }),
  }
  const page = await context.client.call('databaseRows', { params: { name }, query })
  context.print(page, () => renderRows(page.columns, page.rows, context) + (page.more ? '… and more\n' : ''))
}

async function query({ context, name }: Work, [given]: string[]): Promise<void> {
  const sql = checkInput(Sql, given ?? (await readAll(process.stdin)), 'sql')
  const run = await context.client.call('runSql', { params: { name }, body: { sql } })
  context.print(run, () => renderRun(run, context))
  if (!run.error) return
  const { statement, line, message, timedOut } = run.error
  const where = line === undefined ? '' : `, line ${line}`
  throw new AppError(timedOut ? 'timed_out' : 'invalid', `statement ${statement}${where}: ${message}`)
}
