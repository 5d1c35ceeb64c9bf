import type { Engine } from '../../engine/engine.js'
import type { CertificateState, OwnCertificate } from '../../model/certificate.js'
import type { Log } from '../log.js'
import type { AskDomain } from '../names/domain-answers.js'
import type { Names } from '../names/names.js'
import type { PublicAddresses } from '../names/public-addresses.js'
import type { OffSite } from '../off-site/repository.js'
import type { Changes } from '../operations/changes.js'
import type { Operations } from '../operations/operations.js'
import type { Register } from '../register/register.js'
import type { Passwords } from '../secrets/passwords.js'
import type { SealedVariables } from '../secrets/sealed-variables.js'
import type { Announcing } from './announcing.js'
import type { KnownTemplates } from './known-templates.js'
import type { Naming } from './naming.js'
import type { Observed } from './observed.js'
import type { Routing } from './routing.js'
import type { TemplateBuilds } from './template-builds.js'

/** What the verbs of sites work with. */
export interface SitesContext {
  register: Register
  engine: Engine
  operations: Operations
  observed: Observed
  changes: Changes
  routing: Routing
  announcing: Announcing
  /** Where names stand in DNS. */
  names: Pick<Names, 'find' | 'status'>
  templateBuilds: TemplateBuilds
  knownTemplates: KnownTemplates
  /** How many former templates of each kind are kept though no site uses them. */
  keepTemplates: number
  /** Copies of backups elsewhere; undefined: none are configured. */
  offSite: OffSite | undefined
  passwords: Passwords
  variables: SealedVariables
  naming: Naming
  /** Where custom domains have to lead. */
  publicAddresses: Pick<PublicAddresses, 'all' | 'status' | 'look'>
  askDomain: AskDomain
  certificates: SiteCertificates
  log: Log
  now: () => Date
}

/** Certificates of domain names; the platform's own names have theirs. */
export interface SiteCertificates {
  /** Has one made for each of these names that has none, or an old one. */
  ensure(names: readonly string[]): Promise<void>
  /** Where the one for exactly these names stands; undefined when nobody was asked for one yet. */
  stateOf(names: readonly string[]): CertificateState | undefined
  /** Keeps one that the owner brought along. AppError `invalid`. */
  setOwn(name: string, given: OwnCertificate): Promise<void>
  /** Answers whether there was one. */
  removeOwn(name: string): Promise<boolean>
}

/** Who asks, as the audit log and the operation name them: a login, or `system` for the reconciler. */
export type By = string
