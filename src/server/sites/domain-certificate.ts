import type { OwnCertificate } from '../../model/certificate.js'
import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { checkOwnCertificate } from '../certificates/own/check-own.js'
import type { SiteRecord } from '../register/sites.js'
import { changeSite } from './change-site.js'
import type { By, SitesContext } from './context.js'
import { getOwn, showRoutes } from './domains.js'

/** Serves a name with a certificate that its owner brings along. AppError `not_found`, `conflict`, `invalid`. */
export async function setCertificate(
  context: SitesContext,
  site: SiteRecord,
  name: string,
  given: OwnCertificate,
  by: By,
): Promise<Operation> {
  await getServed(context, site.name, name)
  // Before the work begins: what is wrong is said to who brought it, at once.
  checkOwnCertificate(name, given, context.now().getTime())
  return changeCertificate(context, site.name, name, by, () => context.certificates.setOwn(name, given))
}

/** Serves it with one of the platform's again. AppError `not_found`. */
export async function removeCertificate(
  context: SitesContext,
  site: SiteRecord,
  name: string,
  by: By,
): Promise<Operation> {
  const { certificates, register } = context
  await getOwn(register.db, site.name, name)
  if (certificates.stateOf([name])?.issuer !== 'own')
    throw new AppError('not_found', `No certificate of your own is served for ${name}.`)
  return changeCertificate(context, site.name, name, by, () => certificates.removeOwn(name))
}

function changeCertificate(
  context: SitesContext,
  site: string,
  name: string,
  by: By,
  change: () => Promise<unknown>,
): Promise<Operation> {
  return changeSite(context, site, by, {
    kind: 'site.domains',
    async write(queries) {
      await getOwn(queries, site, name)
    },
    revert: async () => undefined,
    async after(work) {
      work.note({ step: 'certificate' })
      await change()
      await showRoutes(context, work)
    },
  })
}

async function getServed({ register }: SitesContext, site: string, name: string): Promise<void> {
  const { proof } = await getOwn(register.db, site, name)
  if (proof === null)
    throw new AppError('conflict', `${name} is not proven yet.`, { hint: 'Prove that it is yours first.' })
}
