import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import {
  DEFAULT_SETTINGS,
  findSettingsProblems,
  readSettings,
  type ServedSettings,
  type SiteSettings,
  withoutUndefined,
  writeSettings,
} from '../../model/site-settings.js'
import { deletePassesOf } from '../register/passes.js'
import { updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { getReadySite } from './ready-site.js'

/** Settings to be changed, the password as its hash. */
export type HashedChange = { [K in keyof SiteSettings]?: SiteSettings[K] | undefined } & { passwordHash?: string }

/** Changes how a site is served. When the front proxy does not take it, the register has the old settings again. */
export function changeSettings(context: SitesContext, name: string, change: HashedChange, by: By): Promise<Operation> {
  return replaceSettings(context, name, by, (before) => mergeSettings(before, change))
}

/** What is kept for the site is not found any more. */
export function purgeCache(context: SitesContext, name: string, by: By): Promise<Operation> {
  return replaceSettings(context, name, by, (before) => ({ ...before, cacheEpoch: before.cacheEpoch + 1 }))
}

/** The settings with a change; AppError `invalid` when they do not go together. */
export function mergeSettings(before: ServedSettings, change: HashedChange): ServedSettings {
  const settings = { ...before, ...withoutUndefined(change) }
  const fields = findSettingsProblems(settings)
  const [first] = fields
  if (first) throw new AppError('invalid', `${first.path}: ${first.message}`, { fields })
  return settings
}

/** What a site is served with; the default in place of what cannot be read. */
export function settingsOf(site: { settings: string }): ServedSettings {
  return readSettings(site.settings) ?? { ...DEFAULT_SETTINGS, cacheEpoch: 0 }
}

async function replaceSettings(
  { operations, register, routing, naming }: SitesContext,
  name: string,
  by: By,
  plan: (before: ServedSettings) => ServedSettings,
): Promise<Operation> {
  const { operation } = await operations.begin({
    kind: 'site.settings',
    subject: name,
    by,
    prepare: () =>
      register.change(async (queries) => {
        const site = await getReadySite(queries, name)
        const [before, after] = [settingsOf(site), plan(settingsOf(site))]
        if (after.mainName !== before.mainName)
          checkMainName(after.mainName, [naming.platformName(name), ...site.domains])
        await updateSite(queries, name, { settings: writeSettings(after) })
        if (after.visitors !== before.visitors) await deletePassesOf(queries, name)
        return site.settings
      }),
    run: async (work, before) => {
      work.note({ step: 'proxy' })
      try {
        await routing.refresh()
      } catch (error) {
        work.note({ step: 'undo', message: 'the old values are put back' })
        await register.change((queries) => updateSite(queries, name, { settings: before }))
        throw error
      }
    },
  })
  return operation
}

function checkMainName(mainName: string, names: readonly string[]): void {
  if (mainName === '' || names.includes(mainName)) return
  const message = 'is no name under which the site is served'
  throw new AppError('invalid', `mainName: ${message}.`, { fields: [{ path: 'mainName', message }] })
}
