import type { TokenScope } from '../../model/profile.js'

/** Who makes a request. */
export interface Requester {
  login: string
  name: string
  administrator: boolean
  /** The machine's own root, by the socket that only root can open; never a person of the directory. */
  root: boolean
  /** The session that it came by. */
  session?: string
  /** The token that it came by, and how far that goes; `site`: the only one that it is for. */
  token?: { id: string; scope: TokenScope; site: string | undefined }
}

export const MACHINE_ROOT: Requester = { login: 'root', name: 'root', administrator: true, root: true }
