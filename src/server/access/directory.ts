/** A person as the directory knows them. */
export interface DirectoryPerson {
  /** Canonical sign-in name: lower case, as the directory writes it. */
  login: string
  name: string
  administrator: boolean
  /** Member of the group whose members may create sites. */
  creator: boolean
  /** What the directory calls the entry for ever, when it has such a thing. */
  directoryId: string | null
}

/** Where people come from. AppError `unavailable` when it does not answer. */
export interface Directory {
  /** The person when name and password are right; AppError `unauthenticated` for any wrong pair. */
  signIn(login: string, password: string): Promise<DirectoryPerson>
  /** The person as they are now; undefined when gone or disabled. */
  find(login: string): Promise<DirectoryPerson | undefined>
  /** The DN of the one group that has this name or this DN. */
  findGroup(nameOrDn: string): Promise<string | undefined>
  /** Whether the person is in one of these groups (their DNs). */
  isMember(login: string, groups: readonly string[]): Promise<boolean>
  /** Those of these logins whom it lets in now, each with what it calls their entry for ever (null: nothing); in few questions. */
  listLetIn(logins: readonly string[]): Promise<Map<string, string | null>>
  /** Whether it answers now. */
  isReachable(): Promise<boolean>
}
