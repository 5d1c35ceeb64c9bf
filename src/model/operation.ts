import * as z from 'zod'
import { ErrorAnswer } from './error-schema.js'
import { Id } from './names.js'

export const OPERATION_KINDS = [
  'site.create',
  'site.start',
  'site.stop',
  'site.restart',
  'site.sleep',
  'site.destroy',
  'site.limits',
  'site.domains',
  'site.credentials',
  'site.deploy',
  'site.environment',
  'site.settings',
  'site.update',
  'site.packages',
  'site.stack',
  'site.unpack',
  'site.backup',
  'site.fetch',
  'site.restore',
  'site.owner',
  'template.build',
  'template.check',
  'template.update',
  'template.rollout',
] as const
export const OPERATION_STATES = ['running', 'done', 'failed', 'cancelled'] as const

/** Whether operations of that kind are about templates, and not about a site. */
export function isAboutTemplates(kind: Operation['kind']): boolean {
  return kind.startsWith('template.')
}

/** One timed step of an operation. */
export const OperationStep = z.object({
  name: z.string(),
  startedAt: z.string(),
  /** Absent while it runs. */
  durationMs: z.number().optional(),
})

/** Slow work: it goes on when nobody looks, and can be looked at again after a reload. */
export const Operation = z
  .object({
    id: Id,
    kind: z.enum(OPERATION_KINDS),
    /** The site or the template it is about. */
    subject: z.string(),
    by: z.string(),
    state: z.enum(OPERATION_STATES),
    createdAt: z.string(),
    endedAt: z.string().optional(),
    steps: z.array(OperationStep),
    message: z.string().optional(),
    percent: z.number().optional(),
    /** Lines of the log, oldest first, the last 500. */
    log: z.array(z.string()),
    /** While it runs: whether it can be given up. Absent: it cannot, or it has ended. */
    cancellable: z.literal(true).optional(),
    error: ErrorAnswer.shape.error.optional(),
  })
  .meta({ id: 'Operation' })
export type Operation = z.infer<typeof Operation>
