import type { AuditFilter, AuditPage } from '../model/audit.js'
import type { Backup, BackupSurvey } from '../model/backup.js'
import type { AgentEvent } from '../model/calls.js'
import type { ContainerSpec, ContainerStatus } from '../model/container.js'
import type { DatabaseLook, DatabasePage, DatabaseRun, DumpFormat, PageQuery } from '../model/database.js'
import type { Check } from '../model/doctor.js'
import type { ArchiveEntry, ArchiveFormat, FileEntry, FoundFile } from '../model/files.js'
import type { HostStatus } from '../model/host-status.js'
import type { Note } from '../model/progress.js'
import type { SitePrograms } from '../model/site-programs.js'
import type { SshLook } from '../model/ssh.js'
import type { Stack } from '../model/stack.js'
import type { StackChoices, TemplateInfo } from '../model/template-info.js'
import type { TerminalSize } from '../model/terminal.js'

/** Who asks, for the audit log, where progress goes, and how to give up. */
export interface CallContext {
  actor: string
  note?: Note
  signal?: AbortSignal
}

/** What a program takes, as it comes; an AsyncIterable is asked for more only when the program wants it, and is returned when it has ended. */
export type Input = Uint8Array | AsyncIterable<Uint8Array>

/** Takes some output; a promise makes the program wait until it is kept. */
export type TakeOutput = (chunk: Uint8Array) => void | Promise<void>

/** What happens on a program's streams while it runs in a site. */
export interface ExecStreams {
  stdin?: Input
  onStdout: TakeOutput
  onStderr: TakeOutput
}

/** A program of a site, and what ends it: time, or that nothing has gone in or out for `silenceMs`. */
export interface ExecProgram {
  argv: string[]
  timeoutMs: number
  silenceMs?: number
}

/** A shell on a terminal of a site. What `stdin` and the sizes bring goes in as it comes; the end of `stdin` hangs up. */
export interface TerminalStreams {
  stdin: AsyncIterable<Uint8Array>
  onStdout: TakeOutput
  /** The first size; `onResize` is given how to tell the next ones. */
  size: TerminalSize
  onResize(tell: (size: TerminalSize) => void): void
}

/** A template to be built. */
export interface TemplateBuild {
  stack: Stack
  /** Packages besides those of the stack. */
  extra?: string[]
  /** Also when one of the same recipes is there. */
  force?: boolean
  /** Nobody waits for it: everything else goes first. */
  behind?: boolean
}

/** The site's files, as the site's own user; paths are relative to its home. */
export interface SiteFiles {
  list(path: string): Promise<{ entries: FileEntry[]; truncated: boolean }>
  read(path: string): Promise<{ sizeBytes: number; version: string; content: Uint8Array }>
  /** `base` null: the file must not exist yet. AppError `conflict` when it is another version by now. */
  save(path: string, base: string | null, content: Uint8Array): Promise<{ version: string }>
  makeFolder(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  copy(from: string, to: string): Promise<void>
  changeMode(path: string, mode: number): Promise<void>
  /** Of a link what it leads to. */
  stat(path: string): Promise<FileEntry>
  /** Part of a regular file. */
  download(path: string, part: { offset: number; lengthBytes: number }, out: StreamOut): Promise<void>
  /** Whole or not at all; answers the version that is there now. AppError `conflict` when there is something, or at another offset. */
  upload(
    path: string,
    upload: Upload,
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<{ version: string }>
  /** How much of an upload is there that broke off, in bytes. */
  findUploadedBytes(path: string, upload: Pick<Upload, 'id' | 'replace'>): Promise<number>
  /** As an archive, made as it is taken. `complete` false: what could not be read was left out. */
  pack(path: string, format: ArchiveFormat, out: StreamOut): Promise<{ complete: boolean }>
  /** What is in an archive, and what of it is in the folder `into` already. */
  peek(archive: string, into: string): Promise<{ entries: ArchiveEntry[]; truncated: boolean }>
  /** All of it or nothing. */
  unpack(archive: string, into: string, replace: boolean, signal: AbortSignal): Promise<void>
  search(path: string, text: string, where: 'names' | 'contents'): Promise<{ found: FoundFile[]; truncated: boolean }>
}

/** Where a stream out of a site goes, and who gives it up. */
export interface StreamOut {
  take: TakeOutput
  signal: AbortSignal
}

/** A file on its way into a site. */
export interface Upload {
  /** 16 hex digits, its own. */
  id: string
  /** How much of it is there already. */
  offset: number
  sizeBytes: number
  /** What must come out, when it is known. */
  version: string | null
  replace: boolean
  /** What has come stays there when it breaks off. */
  keep: boolean
}

/** The database of a site, by its own account. AppError `not_found` when it has none. */
export interface SiteDatabase {
  look(): Promise<DatabaseLook>
  rows(page: PageQuery): Promise<DatabasePage>
  /** What fails is part of the answer. */
  run(sql: string): Promise<DatabaseRun>
  /** All of it as SQL; rejects when it is not whole. */
  export(format: DumpFormat, out: StreamOut): Promise<void>
  /** AppError `invalid` with the statement that failed. */
  import(
    dump: { format: DumpFormat; sizeBytes: number },
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>
}

/** The backups of one site, by its own id (not its name). An archive is engine-neutral: docs/reference/backup-format.md. */
export interface SiteBackups {
  list(): Promise<Backup[]>
  /** Of a container, as it is at one moment. */
  create(id: string, backup: string, context: CallContext): Promise<Backup>
  /** Tries it out in a sealed copy of the container; what is wrong with it is in the answer. */
  prove(id: string, backup: string, context: CallContext): Promise<Backup>
  remove(backup: string, context: CallContext): Promise<void>
  /** In place of what the container holds: all or nothing. */
  restore(id: string, backup: string, context: CallContext): Promise<ContainerStatus>
  /** As `Engine.create`, with what is in the backup. */
  restoreAs(spec: ContainerSpec, backup: string, context: CallContext): Promise<ContainerStatus>
  restoreFile(id: string, backup: string, path: string, context: CallContext): Promise<void>
  restoreTable(id: string, backup: string, table: string, context: CallContext): Promise<void>
  files(id: string, backup: string, context: CallContext): Promise<{ paths: string[]; truncated: boolean }>
  /** The archive. */
  read(backup: string, take: TakeOutput, context: CallContext): Promise<void>
  /** Takes in an archive that was made elsewhere; AppError `invalid` when it is none of ours, or damaged. */
  put(backup: string, archive: Input, context: CallContext): Promise<Backup>
}

/**
 * The one seam between the server and whatever runs containers. The register holds what should be; an engine only knows what is.
 * Every verb is idempotent and returns when it is done; progress goes to `context.note`. A member that does not answer is AppError
 * `unavailable`, and its containers have the phase `unknown`: the server never takes that for stopped.
 */
export interface Engine {
  hostStatus(): Promise<HostStatus>
  /** Looks whether every promise holds on the machine of the containers; `resolvers`: whom the sites ask for names. */
  doctor(context: CallContext): Promise<{ checks: Check[]; resolvers: string[] }>
  /** One page of what was asked of the engine, from that place on backwards; without one, from its end. */
  readAudit(search: AuditFilter & { before?: string | undefined }, context: CallContext): Promise<AuditPage>
  create(spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  /** As create, with a copy of another container's files and database; that one goes on. Its template when the spec names none. */
  copy(from: string, spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  start(id: string, context: CallContext): Promise<ContainerStatus>
  stop(id: string, context: CallContext): Promise<{ clean: boolean }>
  /** Stops it until somebody asks for it. AppError `busy` when it is in use. */
  sleep(id: string, context: CallContext): Promise<ContainerStatus>
  update(spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  /** With `key` (the site's own id) what it held is kept, until `purge` or `untrash`. */
  destroy(id: string, context: CallContext, key?: string): Promise<void>
  /** As create, with what was kept under that key. */
  untrash(key: string, spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  /** Deletes for good what was kept under that key. Absent already: no change. */
  purge(key: string, context: CallContext): Promise<void>
  /** How a running site's own web server answers, asked from inside. */
  probe(id: string, host: string, path: string): Promise<{ status: number | null }>
  find(id: string): Promise<ContainerStatus | undefined>
  list(): Promise<ContainerStatus[]>
  exec(id: string, program: ExecProgram, streams: ExecStreams, context: CallContext): Promise<number>
  /** A login shell of the site's user, until it ends; its exit code. */
  terminal(id: string, streams: TerminalStreams, context: CallContext): Promise<number>
  /** Who is in a container by SSH, and which push waits. Connections that have ended are told once. */
  ssh(id: string): Promise<SshLook>
  logs(id: string, lines: number): Promise<{ source: string; text: string }[]>
  /** The owner's own programs; none where nothing runs. */
  programs(id: string): Promise<SitePrograms>
  files(id: string, actor: string): SiteFiles
  database(id: string, actor: string): SiteDatabase
  backups(key: string): SiteBackups
  /** How it stands with the backups of every site, in one answer. */
  surveyBackups(): Promise<BackupSurvey[]>
  choices(): Promise<StackChoices>
  templates(): Promise<TemplateInfo[]>
  /** Looks what the archive has newer. AppError `host_failed` when it does not answer. */
  checkTemplates(context: CallContext): Promise<TemplateInfo[]>
  buildTemplate(build: TemplateBuild, context: CallContext): Promise<TemplateInfo>
  removeTemplate(digest: string, context: CallContext): Promise<void>
  reloadProxy(): Promise<void>
  /** Follows the engine's events until `signal` aborts; reconnects by itself, and every (re)connection begins with `resync`. */
  follow(onEvent: (event: AgentEvent) => void, signal: AbortSignal): void
}
