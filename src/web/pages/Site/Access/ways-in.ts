import type { SiteAccess } from '../../../../model/site.js'

type Sftp = Pick<SiteAccess['sftp'], 'host' | 'port' | 'user'>

/** What opens the site's files from a command line. */
export const sftpCommand = ({ host, port, user }: Sftp): string => `sftp -P ${port} ${user}@${host}`

/** Where git pushes to: the same door, under another name. */
export const gitRemote = ({ host, port }: Sftp): string => `ssh://git@${host}:${port}/site.git`
