import * as z from 'zod'

/** A commit that is or was on the site. */
export const Deployed = z.object({ commit: z.string(), at: z.string(), subject: z.string() })
export type Deployed = z.infer<typeof Deployed>

/** What the site's repository says; nothing in it before the first push. */
export const DeployState = z
  .object({
    /** The branch whose pushes are deployed. */
    branch: z.string().optional(),
    deployed: Deployed.optional(),
    /** What was there before, to go back to. */
    previous: Deployed.optional(),
  })
  .meta({ id: 'DeployState' })
export type DeployState = z.infer<typeof DeployState>
