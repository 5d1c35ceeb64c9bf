import type { Command } from 'commander'
import { Id } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import { visibleText } from '../../model/visible-text.js'
import { checkInput } from '../check-input.js'
import type { Context } from '../context.js'
import { follow } from '../follow.js'
import { formatDuration, formatTime } from '../format.js'
import { renderPairs, renderTable } from '../render-table.js'

interface Options {
  wait?: boolean
  cancel?: boolean
}

export function defineOperations(command: Command, open: () => Context): void {
  command
    .argument('[id]', 'one operation, with its steps and its log')
    .option('--wait', 'wait until it is over')
    .option('--cancel', 'give it up')
    .action(async (text: string | undefined, options: Options) => {
      const context = open()
      if (text === undefined) {
        const { operations } = await context.client.call('listOperations')
        return context.print({ operations }, () => renderOperations(operations, context))
      }
      const id = checkInput(Id, text, 'id', 'ruche operations lists them')
      if (options.cancel) await context.client.call('cancelOperation', { params: { id } })
      const operation = options.wait
        ? await follow(context, id)
        : await context.client.call('getOperation', { params: { id } })
      context.print(operation, () => renderOperation(operation, context))
    })
}

function renderOperations(operations: Operation[], { paint }: Pick<Context, 'paint'>): string {
  if (operations.length === 0) return 'Nothing was done yet.\n'
  return renderTable(
    [
      { title: 'ID', text: (operation) => operation.id },
      { title: 'KIND', text: (operation) => operation.kind },
      { title: 'SUBJECT', text: (operation) => operation.subject },
      {
        title: 'STATE',
        text: ({ state, percent }) =>
          state === 'running' && percent !== undefined ? `${Math.round(percent)} %` : state,
        paint: (text, { state }) => (state === 'failed' ? paint('red', text) : text),
      },
      { title: 'BY', text: (operation) => operation.by },
      { title: 'BEGAN', text: (operation) => formatTime(operation.createdAt) ?? '' },
      { title: 'TOOK', text: (operation) => findDuration(operation) ?? '', right: true },
    ],
    operations,
    (title) => paint('dim', title),
  )
}

function findDuration({ createdAt, endedAt }: Operation): string | undefined {
  return endedAt === undefined ? undefined : formatDuration(Date.parse(endedAt) - Date.parse(createdAt))
}

function renderOperation(operation: Operation, { paint }: Pick<Context, 'paint'>): string {
  const dim = (text: string) => paint('dim', text)
  const head = renderPairs(
    [
      ['operation', operation.id],
      ['kind', operation.kind],
      ['subject', operation.subject],
      ['state', operation.state],
      ['by', operation.by],
      ['began', formatTime(operation.createdAt)],
      ['took', findDuration(operation)],
      ['error', operation.error?.message],
      ['hint', operation.error?.hint],
    ],
    dim,
  )
  const steps = operation.steps.map(({ name, durationMs }): [string, string] => [
    name,
    durationMs === undefined ? '…' : formatDuration(durationMs),
  ])
  const log = operation.log.map((line) => `${visibleText(line)}\n`).join('')
  return `${head}${steps.length > 0 ? `\n${renderPairs(steps, dim)}` : ''}${log && `\n${log}`}`
}
