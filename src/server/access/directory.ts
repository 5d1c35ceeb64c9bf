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
  /** Whether it answers now. */
  isReachable(): Promise<boolean>
}
