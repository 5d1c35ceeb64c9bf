import { randomBytes } from 'node:crypto'
import { AppError } from '../../model/errors.js'
import { readSettings, type SettingsChange, type SiteSettings } from '../../model/site-settings.js'
import type { Dependencies } from '../dependencies.js'
import { ENTER_PATH } from '../proxy/render-access.js'
import { sha512Crypt } from '../secrets/sha512-crypt.js'
import { changeSettings, type HashedChange, mergeSettings, purgeCache, settingsOf } from '../sites/change-settings.js'
import { foreseeAnswer } from '../sites/foresee-answer.js'
import { mayVisit } from '../sites/may-visit.js'
import { findSiteOfHost } from '../sites/visited-site.js'
import type { RouteTable } from './route-table.js'

type Names = 'getSettings' | 'changeSettings' | 'foresee' | 'purgeCache' | 'enterSite'

// nginx hashes at each request of a visitor who knows the password, so the rounds are few; guesses are limited by the front proxy.
const ROUNDS = 1000

export function siteSettingsRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { directory } = dependencies
  const hashed = async ({ password, ...change }: SettingsChange): Promise<HashedChange> => ({
    ...change,
    ...(change.visitorGroups && { visitorGroups: await findGroups(directory, change.visitorGroups) }),
    ...(password !== undefined && { passwordHash: sha512Crypt(password, makeSalt(), ROUNDS) }),
  })
  return {
    async getSettings(_, { site }) {
      const { passwordHash, cacheEpoch: _epoch, ...settings } = settingsOf(site)
      return { settings, hasPassword: passwordHash !== undefined, readable: readSettings(site.settings) !== undefined }
    },
    async changeSettings({ body }, { who, site }) {
      return { operation: (await changeSettings(dependencies, site.name, await hashed(body), who.login)).id }
    },
    async foresee({ body }, { site }) {
      const { password, ...change } = body.settings ?? {}
      const settings = mergeSettings(settingsOf(site), {
        ...change,
        ...(password !== undefined && { passwordHash: 'set' }),
      })
      const answer = foreseeAnswer(settings, body)
      if (answer) return answer
      const message = 'is a path, as in /page, or an address of the site'
      throw new AppError('invalid', `address: ${message}`, { fields: [{ path: 'address', message }] })
    },
    purgeCache: async (_, { who, site }) => ({ operation: (await purgeCache(dependencies, site.name, who.login)).id }),
    async enterSite({ body }, { who }) {
      const host = body.host.toLowerCase()
      const site = await findSiteOfHost(dependencies, host)
      if (!site || readSettings(site.settings)?.visitors !== 'people' || who.session === undefined)
        throw new AppError('not_found', 'There is no site at this address that asks who you are.')
      if (!(await mayVisit(dependencies.memberships, who, site)))
        throw new AppError('forbidden', 'This site is for other people.', { hint: 'Its owner decides who may see it.' })
      const ticket = dependencies.passes.offer(who.session, { site: site.name, host }, pathOnly(body.to))
      return { url: `${dependencies.naming.url(host).slice(0, -1)}${ENTER_PATH}?ticket=${ticket}` }
    },
  }
}

/** The groups' DNs; AppError `invalid` for one that the directory does not know. */
async function findGroups(
  directory: Dependencies['directory'],
  groups: SiteSettings['visitorGroups'],
): Promise<string[]> {
  const found = new Set<string>()
  for (const [index, text] of groups.entries()) {
    const dn = await directory?.findGroup(text)
    const message = `the directory has no group ${text}`
    if (dn === undefined)
      throw new AppError('invalid', `${message}.`, { fields: [{ path: `visitorGroups.${index}`, message }] })
    found.add(dn)
  }
  return [...found]
}

// Back to a page of the site and nowhere else, as a browser reads it.
function pathOnly(to: string): string {
  if (!URL.canParse(to, 'https://site.invalid')) return '/'
  const { origin, pathname, search } = new URL(to, 'https://site.invalid')
  return origin === 'https://site.invalid' && !pathname.startsWith('//') ? pathname + search : '/'
}

const makeSalt = (): string => randomBytes(12).toString('base64').replaceAll('+', '.')
