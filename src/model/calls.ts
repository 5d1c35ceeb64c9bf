import * as z from 'zod'
import { AuditFilter, AuditPage, AuditPlace } from './audit.js'
import { BackupKey } from './backup.js'
import { backupCalls } from './backup-calls.js'
import { ContainerSpec, ContainerStatus } from './container.js'
import { databaseCalls } from './database-calls.js'
import { ExtraPackages } from './debian-package.js'
import { Check } from './doctor.js'
import {
  ARCHIVE_FORMATS,
  ArchiveEntry,
  FileEntry,
  FileMode,
  FileVersion,
  FoundFile,
  SearchText,
  SitePath,
  UPLOAD_MAX_BYTES,
  UploadId,
} from './files.js'
import { HostStatus } from './host-status.js'
import { ContainerId, Digest, Login, PlainText } from './names.js'
import { SitePrograms } from './site-programs.js'
import { SshLook } from './ssh.js'
import { Stack } from './stack.js'
import { StackChoices, TemplateInfo } from './template-info.js'
import { TerminalSize } from './terminal.js'

const nothing = z.object({}).strict()
const one = z.object({ id: ContainerId }).strict()
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const version = FileVersion
const bytes = z.int().min(0).max(UPLOAD_MAX_BYTES)
const upload = z.object({ id: ContainerId, path: SitePath, replace: z.boolean(), upload: UploadId })

const DAY_MS = 86_400_000

/** Bytes of a program's input that may be under way to it. */
export const INPUT_WINDOW_BYTES = 256 * 1024

/** Who asked, for the audit log: `login` of a person, or `system` for the reconciler. */
export const Actor = Login

/**
 * The whole vocabulary of the agent: what is not in this table cannot be asked of root.
 *
 * One connection of the unix socket is one call. The caller writes one JSON line `{call, params, actor}`; the agent answers JSON lines: any number of
 * `{progress: Progress}`, then exactly one `{result}` or `{error: ErrorBody}`. Calls that lead a program
 * (`container.exec`, `container.terminal`, some on files and databases) also take `{stdin: base64}`, `{eof: true}` and `{resize: TerminalSize}` lines and answer `{stdout: base64}` and
 * `{stderr: base64}` lines, which wait for a caller who does not read. Of its input a caller has at most INPUT_WINDOW_BYTES under way: `{taken: bytes}`
 * lines say how much the program has taken. `events` answers `{event: AgentEvent}` lines until the caller hangs up.
 * A caller that hangs up cancels what can be cancelled (template.build, template.check, programs); the other verbs run to their end. Lines are at most 4 MiB.
 */
export const calls = {
  /** The machine: capacity and counts. */
  'host.status': { params: nothing, result: HostStatus },
  /** Stops every container cleanly and the front proxy; what is wanted stays wanted. For the platform's own shutdown. */
  'host.stopAll': { params: nothing, result: nothing },
  /** Looks whether every promise holds on this machine; `resolvers`: the name servers of the sites, for the caller to ask. Seconds. */
  'host.doctor': {
    params: nothing,
    result: z.object({ checks: z.array(Check), resolvers: z.array(z.string()) }),
  },
  /** One page of the audit log, from that place on backwards; without one, from its end. It shows names of files of sites, so that reading it is itself written down. */
  'host.audit': { params: AuditFilter.extend({ before: AuditPlace.optional() }).strict(), result: AuditPage },
  /** Phase changes as they are seen; `{type: 'resync'}` first: the caller must then list. */
  events: { params: nothing, result: nothing },

  /** Makes image and spec; does not start. Same id and same spec again: no change. `conflict` when the id or an address is taken, `limit_reached` when the disk cannot keep the promise. */
  'container.create': { params: z.object({ spec: ContainerSpec }).strict(), result: ContainerStatus },
  /**
   * As container.create, with a copy of another container's image as it is at this moment: that one may run, and is held still for at most 2 s
   * (`limit_reached` when that would not do). Its files and database come along, its identity (settings, SFTP host keys) does not. The stack is the
   * same, the disk not smaller; `spec.template` absent: the original's.
   */
  'container.copy': {
    params: z.object({ from: ContainerId, spec: ContainerSpec }).strict(),
    result: ContainerStatus,
  },
  /** Brings up a container and waits until its services answer. Running already: no change. */
  'container.start': { params: one, result: ContainerStatus },
  /** Ordered clean stop. `clean` is false when something had to be killed after its grace time. Stopped already: no change. */
  'container.stop': { params: one, result: z.object({ clean: z.boolean() }) },
  /**
   * Stops it cleanly like `container.stop`, but it stays wanted: the first packet for its address brings it up again and waits meanwhile, as does `container.start` or
   * `container.exec`. `busy` when somebody is connected or works in it, `conflict` when it is not running. Asleep already: no change.
   */
  'container.sleep': { params: one, result: ContainerStatus },
  /** New limits, settings or template: limits and settings act at once on a running container, a template at its next start. Disk only grows. */
  'container.update': { params: z.object({ spec: ContainerSpec }).strict(), result: ContainerStatus },
  /** Stops it and removes every trace; with `key` (the site's own id) its image is kept in the trash under it. Absent already: no change. */
  'container.destroy': { params: z.object({ id: ContainerId, key: BackupKey.optional() }).strict(), result: nothing },
  /** As container.create, with what the trash keeps under that key, which leaves it. */
  'container.untrash': { params: z.object({ key: BackupKey, spec: ContainerSpec }).strict(), result: ContainerStatus },
  /** Deletes for good. Absent already: no change. */
  'trash.purge': { params: z.object({ key: BackupKey }).strict(), result: nothing },
  /** Status with which a running container's own web server answers a request for a page, asked from inside; null when nothing comes that is HTTP. */
  'container.probe': {
    params: z
      .object({
        id: ContainerId,
        host: z.string().regex(/^[a-z0-9.-]{1,253}$/),
        path: z.string().regex(/^\/[A-Za-z0-9._~/-]{0,500}$/),
      })
      .strict(),
    result: z.object({ status: z.number().nullable() }),
  },
  'container.get': { params: one, result: ContainerStatus },
  'container.list': { params: nothing, result: z.object({ containers: z.array(ContainerStatus) }) },
  /**
   * Runs a program inside a running container, confined, as the site's user. Result: its exit code (128 + n for a signal). It is ended after `timeoutMs`,
   * and when nothing has gone in or out for `silenceMs`.
   */
  'container.exec': {
    params: z
      .object({
        id: ContainerId,
        argv: z.array(PlainText.max(65_536)).min(1).max(200),
        timeoutMs: z.int().min(100).max(DAY_MS),
        silenceMs: z.int().min(100).max(DAY_MS).optional(),
      })
      .strict(),
    result: z.object({ exitCode: z.number() }),
  },
  /** A login shell of the site's user on a terminal of the container's own, until it ends or the caller hangs up. */
  'container.terminal': {
    params: z.object({ id: ContainerId, size: TerminalSize }).strict(),
    result: z.object({ exitCode: z.number() }),
  },
  /** Who is in it by SSH, and which push waits to be deployed. An ended connection is told once. */
  'container.ssh': { params: one, result: SshLook },
  /** The last lines of the container's console and of its services' logs. */
  'container.logs': {
    params: z.object({ id: ContainerId, lines: z.int().min(1).max(2000) }).strict(),
    result: z.object({ lines: z.array(z.object({ source: z.string(), text: z.string() })) }),
  },
  /** The owner's own programs in a running container: which run, which ended and how, and the lines of the crontab. */
  'container.programs': { params: one, result: SitePrograms },

  /** Work on the site's files as the site's own user, in the running container or in a rescue of the stopped one. Paths are relative to its home. */
  'files.list': {
    params: z.object({ id: ContainerId, path: SitePath }).strict(),
    result: z.object({ entries: z.array(FileEntry), truncated: z.boolean() }),
  },
  'files.read': {
    params: z.object({ id: ContainerId, path: SitePath }).strict(),
    result: z.object({ sizeBytes: z.number(), version, content: base64 }),
  },
  /** Atomic. `base`: the version that the writer started from, null for a file that must not exist yet. `conflict` when it is another by now. */
  'files.save': {
    params: z.object({ id: ContainerId, path: SitePath, base: version.nullable(), content: base64 }).strict(),
    result: z.object({ version }),
  },
  'files.makeFolder': { params: z.object({ id: ContainerId, path: SitePath }).strict(), result: nothing },
  'files.rename': { params: z.object({ id: ContainerId, from: SitePath, to: SitePath }).strict(), result: nothing },
  /** A folder with all that is in it. */
  'files.remove': { params: z.object({ id: ContainerId, path: SitePath }).strict(), result: nothing },

  /** A file or folder itself; of a link what it leads to. */
  'files.stat': { params: z.object({ id: ContainerId, path: SitePath }).strict(), result: FileEntry },
  /** Part of a regular file, as `stdout` lines; shorter when the file is. */
  'files.get': {
    params: z.object({ id: ContainerId, path: SitePath, offset: bytes, lengthBytes: bytes }).strict(),
    result: nothing,
  },
  /**
   * A file from `stdin` lines, whole or not at all. Its bytes gather beside it from `offset` on, which is how much of this upload is there; with `keep` they
   * are still there after it broke off. `version`: what must come out. `conflict` when there is something and `replace` is not said, or at another offset.
   */
  'files.put': {
    params: upload
      .extend({ offset: bytes, sizeBytes: bytes, version: FileVersion.nullable(), keep: z.boolean() })
      .strict(),
    result: z.object({ version: FileVersion }),
  },
  /** How much of an upload is there. */
  'files.part': { params: upload.strict(), result: z.object({ receivedBytes: z.number() }) },
  'files.chmod': { params: z.object({ id: ContainerId, path: SitePath, mode: FileMode }).strict(), result: nothing },
  /** A file, or a folder with all that is in it, whole or not at all. `conflict` when there is something at `to`. */
  'files.copy': { params: z.object({ id: ContainerId, from: SitePath, to: SitePath }).strict(), result: nothing },
  /** A file or folder as an archive, in `stdout` lines. `complete` is false when something could not be read and was left out. */
  'files.pack': {
    params: z.object({ id: ContainerId, path: SitePath, format: z.enum(ARCHIVE_FORMATS) }).strict(),
    result: z.object({ complete: z.boolean() }),
  },
  /** What is in an archive, and what of it is in the folder `into` already. */
  'files.peek': {
    params: z.object({ id: ContainerId, path: SitePath, into: SitePath }).strict(),
    result: z.object({ entries: z.array(ArchiveEntry), truncated: z.boolean() }),
  },
  /** Lays what is in an archive into a folder, once all of it has been read; what leads outside is left out. `replace`: also over what is there. */
  'files.unpack': {
    params: z.object({ id: ContainerId, path: SitePath, into: SitePath, replace: z.boolean() }).strict(),
    result: nothing,
  },
  /** Names below a folder that contain a text, or places in its text files. */
  'files.search': {
    params: z
      .object({ id: ContainerId, path: SitePath, text: SearchText, where: z.enum(['names', 'contents']) })
      .strict(),
    result: z.object({ found: z.array(FoundFile), truncated: z.boolean() }),
  },
  ...databaseCalls,
  ...backupCalls,

  'template.list': { params: nothing, result: z.object({ templates: z.array(TemplateInfo) }) },
  'template.choices': { params: nothing, result: StackChoices },
  /** Fetches the archive's lists and looks of which packages each template has older versions. `host_failed` when the archive does not answer: then nothing is known. */
  'template.check': { params: nothing, result: z.object({ templates: z.array(TemplateInfo) }) },
  /**
   * Builds the stack's template from Debian's packages; minutes. `extra`: packages besides those of the stack (`not_found`, or `invalid` for one that
   * no site may have). `force` builds even when one is there. `behind`: nobody waits for it, so everything else on the machine goes first.
   */
  'template.build': {
    params: z
      .object({
        stack: Stack,
        extra: ExtraPackages.optional(),
        force: z.boolean().optional(),
        behind: z.boolean().optional(),
      })
      .strict(),
    result: TemplateInfo,
  },
  /** `conflict` while a container uses it, of this platform or of another that shares the templates. */
  'template.remove': { params: z.object({ digest: Digest }).strict(), result: nothing },

  /** Starts the front proxy, or makes it read its configuration again. The configuration is the server's; the agent only runs it. */
  'proxy.reload': { params: nothing, result: nothing },
} as const

export type CallName = keyof typeof calls
export type CallParams<N extends CallName> = z.output<(typeof calls)[N]['params']>
export type CallResult<N extends CallName> = z.output<(typeof calls)[N]['result']>

/** What the agent tells without being asked. */
export const AgentEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resync') }),
  z.object({ type: z.literal('container'), status: ContainerStatus }),
  z.object({ type: z.literal('gone'), id: ContainerId }),
  /** Somebody has connected to its SSH. */
  z.object({ type: z.literal('ssh'), id: ContainerId }),
  z.object({ type: z.literal('templates') }),
])
export type AgentEvent = z.infer<typeof AgentEvent>
