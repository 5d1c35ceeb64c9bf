import type { Engine } from '../../src/engine/engine.js'
import { ACTS_PER_PAGE, type Act } from '../../src/model/audit.js'

/** An audit log in memory, in which acts are found by their site. */
export class FakeAudit {
  /** What it holds, newest first. */
  acts: Act[] = []
  readonly read: Engine['readAudit'] = async ({ before, site = '' }) => {
    const start = Number(before?.split('-')[1] ?? 0)
    const found = this.acts.filter((act) => (act.site ?? '').includes(site))
    const next = start + ACTS_PER_PAGE
    return { acts: found.slice(start, next), ...(next < found.length && { next: `1-${next}` }) }
  }
}
