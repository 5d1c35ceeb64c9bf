import * as z from 'zod'
import { Id } from '../names.js'
import { Operation } from '../operation.js'
import { table } from './entry.js'

/** Slow work, and what is told without being asked. */
export const operationsApi = table({
  /** The person's own and those on their sites; administrators see all. Newest first, at most 200. */
  listOperations: {
    method: 'GET',
    path: '/api/operations',
    access: 'person',
    result: z.object({ operations: z.array(Operation) }),
  },
  /** One operation with its timed steps and log. */
  getOperation: {
    method: 'GET',
    path: '/api/operations/:id',
    access: 'person',
    params: z.object({ id: Id }),
    result: Operation,
  },
  /** Gives up what can still be given up (a template that is being built); otherwise `conflict`. */
  cancelOperation: {
    method: 'DELETE',
    path: '/api/operations/:id',
    access: 'person',
    params: z.object({ id: Id }),
    result: Operation,
  },
  /** Server-sent events: `event: change`, `data: ServerEvent` (events.ts), filtered by what the person may see; a comment line every 15 s. */
  events: { method: 'GET', path: '/api/events', access: 'person', result: z.any() },
})
