/** A package that apt would put into a tree. */
export interface Install {
  name: string
  /** The version that is there; undefined: none. */
  from: string | undefined
  to: string
  architecture: string
  /** Whether the new version comes from Debian's archive of security updates. */
  security: boolean
}

/** As in `Inst libc6 [2.36-1] (2.36-9+deb12u14 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])`. */
const LINE = /^Inst (\S+) (?:\[(\S+)\] )?\((\S+) (.*?)\s*\[([a-z0-9]+)\]\)/

/** Pure: what `apt-get -s` says that it would install. */
export function findInstalls(said: string): Install[] {
  return said.split('\n').flatMap((line) => {
    const [, name, from, to, origins = '', architecture] = LINE.exec(line) ?? []
    if (name === undefined || to === undefined || architecture === undefined) return []
    return [{ name, from, to, architecture, security: /-security\b/i.test(origins) }]
  })
}
