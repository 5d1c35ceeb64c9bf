import type { Readable, Writable } from 'node:stream'
import type { AgentEvent } from '../../model/calls.js'
import type { Note } from '../../model/progress.js'
import type { TerminalSize } from '../../model/terminal.js'

/** The one who asks, as the door presents them. */
export interface Caller {
  actor: string
  note: Note
  /** Aborted when the caller hangs up. */
  hungUp: AbortSignal
  /** A program's streams: what the caller sends on, and where its output goes (back-pressure included). */
  stdin: Readable
  stdout: Writable
  stderr: Writable
  /** Called with each size that the caller's terminal gets; the last one at once when there were some already. */
  onResize(take: (size: TerminalSize) => void): void
  tell(event: AgentEvent): void
}
