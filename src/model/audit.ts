import * as z from 'zod'

/** Acts on one page of the audit log. */
export const ACTS_PER_PAGE = 50

/** A place in the audit log: of a file (its inode) how many bytes lie before it. */
export const AuditPlace = z.string().regex(/^\d{1,20}-\d{1,12}$/, 'not a place in the audit log')

/** Parts of what is looked for, whatever their case. */
export const AuditFilter = z.object({
  /** Of who asked. */
  actor: z.string().max(64).optional(),
  /** Of the container's id. */
  site: z.string().max(64).optional(),
  /** Of the call's name. */
  call: z.string().max(64).optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

/** Something that the agent was asked to do. Names and words in it may come from anybody. */
export const Act = z
  .object({
    /** Of the agent's own; with the time, of no other act. */
    id: z.string(),
    time: z.string(),
    /** A login, or `system`. */
    actor: z.string(),
    /** Of the agent's calls. */
    call: z.string(),
    /** The container it was about. */
    site: z.string().optional(),
    /** `done`, or the code of the error. Absent: it goes on, or nobody knows, because the agent ended in between. */
    outcome: z.string().optional(),
    /** What else was written down of the call, as text. */
    facts: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Act' })
export type Act = z.infer<typeof Act>

/** Acts, newest first. */
export const AuditPage = z
  .object({
    acts: z.array(Act),
    /** Where older ones go on; absent: there are none. There may be more although few were found: only so much is read at once. */
    next: AuditPlace.optional(),
  })
  .meta({ id: 'AuditPage' })
export type AuditPage = z.infer<typeof AuditPage>
