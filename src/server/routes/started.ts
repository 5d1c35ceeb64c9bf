import type { Operation } from '../../model/operation.js'

/** What a slow verb answers: which operation to look at. */
export async function started(operation: Promise<Operation>): Promise<{ operation: string }> {
  return { operation: (await operation).id }
}
