/** Where rooms below the door tell what happened, for the operator. `event` is stable and short; no secret goes into `facts`. */
export interface Log {
  info(event: string, facts?: object): void
  warn(event: string, facts?: object): void
  error(event: string, facts?: object): void
}
