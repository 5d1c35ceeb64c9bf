/** What every step of a build is given: where each line of a tool goes, and how it is cancelled. */
export interface BuildOptions {
  onLine: (line: string) => void
  signal?: AbortSignal
  /** Nobody waits for it: everything else on the machine goes first. */
  isBehind?: boolean
}
