import type { Limits } from '../../../../model/limits.js'
import type { Site } from '../../../../model/site.js'
import { type LimitForm, type Room, toLimitForm, toLimits } from '../../../parts/limit-form.js'

export interface SettingsForm {
  limits: LimitForm
}

export function toSettingsForm(site: Pick<Site, 'limits'>): SettingsForm {
  return { limits: toLimitForm(site.limits) }
}

/** Only what differs from the site is sent. */
export function planChanges(site: Pick<Site, 'limits'>, form: SettingsForm): { limits?: Partial<Limits> } {
  const wanted = toLimits(form.limits)
  const limits: Partial<Limits> = {}
  for (const name of Object.keys(wanted) as (keyof Room)[]) {
    // Compared as shown: a limit that the form rounds is not changed by rounding.
    const shown = toLimits(toLimitForm(site.limits))[name]
    if (wanted[name] !== shown) limits[name] = wanted[name]
  }
  return Object.keys(limits).length > 0 ? { limits } : {}
}
