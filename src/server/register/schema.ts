import type { Generated } from 'kysely'
import type { Announcement } from '../../model/announcement.js'
import type { CollaboratorRight } from '../../model/collaborator.js'
import type { Operation } from '../../model/operation.js'
import type { TokenScope } from '../../model/profile.js'
import type { ModelFor } from '../../model/site-model.js'
import type { RecordType } from '../../model/zone-record.js'

/** What a site's row is going through: being made, there, being removed. The reconciler resumes the first and the last after a crash. */
export type Lifecycle = 'creating' | 'ready' | 'removing'

export interface SitesTable {
  name: string
  /** Never reused, unlike the name: what passwords are derived from. */
  uuid: string
  cell: Generated<number>
  member: Generated<string>
  owner: string
  server: string
  language: string
  database: string
  address: number
  sftp_port: number
  cpu_milli: number
  memory_bytes: number
  disk_bytes: number
  pids: number
  wanted: 'running' | 'stopped'
  lifecycle: Lifecycle
  /** Goes up at every wanted change of the container's spec; `applied` is the last one the engine was given. */
  generation: Generated<number>
  applied: Generated<number>
  sftp_generation: Generated<number>
  database_generation: Generated<number>
  /** JSON list of authorized_keys lines. */
  sftp_keys: Generated<string>
  /** Variables of the site's code, sealed for this site; empty: none. */
  environment: Generated<string>
  /** JSON of how it is served, of what differs from the default. */
  settings: Generated<string>
  /** Template that it is to run on; null: the one that it was made with. */
  template: string | null
  /** The one before that. */
  template_before: string | null
  /** One that did it no good: it never moves there by itself again. */
  template_refused: string | null
  /** JSON of the stack before the last change of it, and of the backup that was made then; null: it was never changed. */
  stack_before: string | null
  /** JSON list of Debian packages besides those of its stack. */
  packages: Generated<string>
  /** For whom it is a model that new sites begin as a copy of. */
  model_for: Generated<ModelFor>
  /** Minutes without a visit after which it falls asleep; null: never. */
  idle_minutes: Generated<number | null>
  /** When something of its own is due while it sleeps. */
  wake_at: string | null
  created_at: string
  /** JSON of where its data comes from, while it is being made; null: it begins empty. */
  origin: Generated<string | null>
  /** 1: it is being removed for good, without the trash. */
  purged: Generated<number>
}

export interface DomainsTable {
  name: string
  site: string
  position: number
  created_at: string
  /** What proves whose it is; null: nothing yet, so it is not served. */
  proof: 'record' | 'administrator' | null
  checked_at: string | null
  /** JSON of what the last look found (`DomainCheck`). */
  check: string | null
  /** Since when the record that proved it is not found any more. */
  failing_since: string | null
}

/** Names of sites and of their own that somebody had until lately. */
export interface ReleasedNamesTable {
  name: string
  owner: string
  until: string
}

export interface PeopleTable {
  login: string
  name: string
  administrator: Generated<number>
  creator: Generated<number>
  decision: Generated<'group' | 'allowed' | 'denied'>
  quota_sites: number | null
  quota_cpu_milli: number | null
  quota_memory_bytes: number | null
  quota_disk_bytes: number | null
  reason: string | null
  last_sign_in_at: string | null
  /** What the directory calls the entry for ever; null: not seen yet. */
  directory_id: string | null
  /** Since when the directory does not let the person in; null: it does, or was not asked yet. */
  gone_at: string | null
}

export interface CollaboratorsTable {
  site: string
  login: string
  right: CollaboratorRight
  added_by: string
  added_at: string
}

/** SSH keys that people keep in their profile. */
export interface KeysTable {
  id: string
  login: string
  /** Line of authorized_keys(5), without options. */
  line: string
  /** `SHA256:…`, as ssh-keygen and sshd write it. */
  fingerprint: string
  added_at: string
}

/** Tokens of people for programs. */
export interface TokensTable {
  id: string
  login: string
  name: string
  hash: string
  scope: TokenScope
  /** The one site that it is for, with its uuid: another one of the same name is not meant. */
  site: string | null
  site_uuid: string | null
  created_at: string
  expires_at: string
  last_used_at: string | null
  last_used_from: string | null
}

export interface SessionsTable {
  id: string
  token_hash: string
  /** The token before the last rotation, still good for the requests that were under way. */
  previous_hash: string | null
  previous_until: string | null
  /** 1: the person's roles changed, the next answer hands out a new token. */
  rotate: Generated<number>
  login: string
  name: string
  administrator: number
  creator: number
  /** What the directory calls the entry for ever (entryUUID, objectGUID): another entry of the same name is another person. */
  directory_id: string | null
  created_at: string
  seen_at: string
  checked_at: string
  /** Where it was begun from, and what the browser calls itself. */
  address: string | null
  browser: string | null
}

export interface OperationsTable {
  id: string
  kind: Operation['kind']
  subject: string
  by: string
  state: Operation['state']
  created_at: string
  ended_at: string | null
  /** JSON of the rest: steps, message, percent, log, cancellable, error. */
  detail: string
}

/** Names that the DNS server was told of, and what it confirmed last; a row goes when the name is gone there. */
export interface NamesTable {
  name: string
  /** Addresses and lifetime as they were confirmed; null: not known. */
  content: string | null
  updated_at: string | null
}

/** Records below a site's platform name, besides its address. */
export interface ZoneRecordsTable {
  id: string
  site: string
  /** Left part of the name; `@`: the platform name itself. */
  name: string
  type: RecordType
  value: string
  created_at: string
}

/** All records of one name and type that the DNS server was told. */
export interface ToldRecordsTable {
  host: string
  type: RecordType
  /** Of the site that has, or had, them. */
  platform_name: string
  /** What it confirmed last; null: not known. */
  content: string | null
  updated_at: string | null
}

/** What lets a person of the directory see one site, for as long as that session of the panel lives. */
export interface PassesTable {
  token_hash: string
  site: string
  /** The one name of the site at which it counts. */
  host: string
  session: string
  created_at: string
}

/** Absent: as `DEFAULT_BACKUP_PLAN` says. */
export interface BackupPlansTable {
  site_uuid: string
  enabled: number
  keep_daily: number
  keep_weekly: number
}

/** One copy elsewhere, made or to be made. */
export interface OffSiteCopiesTable {
  site_uuid: string
  backup: string
  /** The backup's. */
  created_at: string
  proven: number
  copied_at: string | null
  /** What the repository calls it. */
  snapshot: string | null
  /** Tries that failed since the last that did not. */
  attempts: number
  reason: string | null
  next_at: string | null
  /** 1: it shall go. */
  leaving: number
}

export interface OffSiteChecksTable {
  at: string
  /** Why it failed; null: all was as it should be. */
  reason: string | null
}

/** What people asked for, kept for a while. */
export interface ActivityTable {
  id: string
  at: string
  by: string
  /** Empty: from the machine itself. */
  from_address: string
  by_token: number
  act: string
  /** The site's name then, and which site of that name it was; null: it was about none. */
  site: string | null
  site_uuid: string | null
  about: string | null
  outcome: 'done' | 'refused'
  code: string | null
}

/** What administrators tell everybody. */
export interface AnnouncementsTable {
  id: string
  kind: Announcement['kind']
  text_en: string | null
  text_fr: string | null
  /** Null: at once. */
  starts_at: string | null
  /** Null: until it is removed. */
  ends_at: string | null
  /** Who said so last. */
  by: string
  created_at: string
  changed_at: string
}

/** Deleted sites; what they held is the engine's, under the uuid. */
export interface TrashTable {
  uuid: string
  name: string
  owner: string
  deleted_at: string
  /** JSON of what was the site's row. */
  site: string
}

export interface Tables {
  sites: SitesTable
  domains: DomainsTable
  released_names: ReleasedNamesTable
  people: PeopleTable
  sessions: SessionsTable
  operations: OperationsTable
  names: NamesTable
  zone_records: ZoneRecordsTable
  told_records: ToldRecordsTable
  passes: PassesTable
  backup_plans: BackupPlansTable
  trash: TrashTable
  activity: ActivityTable
  announcements: AnnouncementsTable
  off_site_copies: OffSiteCopiesTable
  off_site_checks: OffSiteChecksTable
  collaborators: CollaboratorsTable
  keys: KeysTable
  tokens: TokensTable
}
