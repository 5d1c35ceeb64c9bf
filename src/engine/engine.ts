import type { AgentEvent } from '../model/calls.js'
import type { ContainerSpec, ContainerStatus } from '../model/container.js'
import type { Check } from '../model/doctor.js'
import type { FileEntry } from '../model/files.js'
import type { HostStatus } from '../model/host-status.js'
import type { Note } from '../model/progress.js'
import type { Stack } from '../model/stack.js'
import type { StackChoices, TemplateInfo } from '../model/template-info.js'

/** Who asks, for the audit log, where progress goes, and how to give up. */
export interface CallContext {
  actor: string
  note?: Note
  signal?: AbortSignal
}

/** What happens on a program's streams while it runs in a site. */
export interface ExecStreams {
  stdin?: Uint8Array
  onStdout(chunk: Uint8Array): void
  onStderr(chunk: Uint8Array): void
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
  create(spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  /** As create, with a copy of another container's files and database; that one goes on. Its template when the spec names none. */
  copy(from: string, spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  start(id: string, context: CallContext): Promise<ContainerStatus>
  stop(id: string, context: CallContext): Promise<{ clean: boolean }>
  update(spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  destroy(id: string, context: CallContext): Promise<void>
  find(id: string): Promise<ContainerStatus | undefined>
  list(): Promise<ContainerStatus[]>
  exec(id: string, argv: string[], timeoutMs: number, streams: ExecStreams, context: CallContext): Promise<number>
  logs(id: string, lines: number): Promise<{ source: string; text: string }[]>
  files(id: string, actor: string): SiteFiles
  choices(): Promise<StackChoices>
  templates(): Promise<TemplateInfo[]>
  buildTemplate(stack: Stack, force: boolean, context: CallContext): Promise<TemplateInfo>
  removeTemplate(digest: string, context: CallContext): Promise<void>
  reloadProxy(): Promise<void>
  /** Follows the engine's events until `signal` aborts; reconnects by itself, and every (re)connection begins with `resync`. */
  follow(onEvent: (event: AgentEvent) => void, signal: AbortSignal): void
}
