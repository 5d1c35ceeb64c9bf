import * as z from 'zod'
import { Id } from '../names.js'
import { OPERATION_STATES, Operation } from '../operation.js'
import { table } from './entry.js'

/** Operations on one page of searchOperations. */
export const OPERATIONS_PER_PAGE = 50

/** Slow work, and what is told without being asked. */
export const operationsApi = table({
  /** The person's own and those on their sites; administrators see all. Newest first, at most 200. */
  listOperations: {
    method: 'GET',
    path: '/api/operations',
    access: 'person',
    result: z.object({ operations: z.array(Operation) }),
  },
  /** One page of everybody's, newest first, kept for 30 days. `site` (or the template) and `person` are parts of names; `count` is of all that match. */
  searchOperations: {
    method: 'GET',
    path: '/api/platform/operations',
    access: 'administrator',
    query: z.object({
      state: z.enum(OPERATION_STATES).optional(),
      site: z.string().max(64).optional(),
      person: z.string().max(64).optional(),
      page: z.coerce.number().int().min(0).max(100_000).default(0),
    }),
    result: z.object({ operations: z.array(Operation), count: z.int() }),
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
