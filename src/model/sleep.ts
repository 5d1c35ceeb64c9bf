import * as z from 'zod'

/** Minutes without a visit after which a site falls asleep. */
export const IdleMinutes = z.int().min(5, 'at least 5 minutes').max(10_080, 'at most a week')
