import type { Limits } from '../../../../model/limits.js'
import type { Site } from '../../../../model/site.js'
import { type LimitForm, type Room, toLimitForm, toLimits } from '../../../parts/limit-form.js'

export interface SettingsForm {
  limits: LimitForm
  domains: string[]
}

export function toSettingsForm(site: Pick<Site, 'limits' | 'domains'>): SettingsForm {
  return { limits: toLimitForm(site.limits), domains: site.domains.slice(1) }
}

/** Only what differs from the site is sent. */
export function planChanges(
  site: Pick<Site, 'limits' | 'domains'>,
  form: SettingsForm,
): { limits?: Partial<Limits>; domains?: string[] } {
  const wanted = toLimits(form.limits)
  const limits: Partial<Limits> = {}
  for (const name of Object.keys(wanted) as (keyof Room)[]) {
    // Compared as shown: a limit that the form rounds is not changed by rounding.
    const shown = toLimits(toLimitForm(site.limits))[name]
    if (wanted[name] !== shown) limits[name] = wanted[name]
  }
  const sameDomains = form.domains.join() === site.domains.slice(1).join()
  return { ...(Object.keys(limits).length > 0 && { limits }), ...(!sameDomains && { domains: form.domains }) }
}
