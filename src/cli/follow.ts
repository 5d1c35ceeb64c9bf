import type { Operation } from '../model/operation.js'
import type { Context } from './context.js'
import { followOperation } from './progress-view.js'

/**
 * Waits for slow work and shows its steps. An interrupt from the keyboard leaves it running and says where to look.
 * Throws the operation's own error when it failed.
 */
export async function follow(context: Context, id: string): Promise<Operation> {
  const view = context.openProgress()
  const leave = () => {
    view.close()
    if (!context.json) process.stderr.write(`It goes on without you: ruche operations ${id}\n`)
    process.exit(130)
  }
  process.once('SIGINT', leave)
  try {
    return await context.client.waitForOperation(id, followOperation(view))
  } finally {
    process.off('SIGINT', leave)
    view.close()
  }
}

/** With `wait`: follows the operation, then prints what `after` answers. Without: prints the operation as it is now. */
export async function followOrLeave(
  context: Context,
  id: string,
  wait: boolean,
  after: () => Promise<{ document: unknown; text: () => string }>,
): Promise<void> {
  if (!wait) {
    const operation = await context.client.call('getOperation', { params: { id } })
    context.print(operation, () => `${operation.kind} ${operation.subject} goes on: ruche operations ${id}\n`)
    return
  }
  await follow(context, id)
  const { document, text } = await after()
  context.print(document, text)
}
