import * as z from 'zod'

/** One line of slow work's progress: a step's stable name (`image`, `launch`, `ready`…) and, when known, words and a percentage; `durationMs` tells that it is over. */
export const Progress = z.object({
  step: z.string().max(60),
  message: z.string().max(2000).optional(),
  percent: z.number().min(0).max(100).optional(),
  durationMs: z.number().min(0).optional(),
})
export type Progress = z.infer<typeof Progress>
/** Where a verb tells its progress. */
export type Note = (progress: Progress) => void
