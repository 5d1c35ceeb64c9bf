import { access } from 'node:fs/promises'
import type { Configuration } from '../../model/configuration.js'
import { type Check, judge, sign, unknownCheck } from '../../model/doctor.js'

const WANTED_BY = '/etc/systemd/system/multi-user.target.wants'
const STARTED_AT_BOOT: Record<string, readonly string[]> = {
  nginx: [`${WANTED_BY}/nginx.service`],
  slapd: [`${WANTED_BY}/slapd.service`, '/etc/rc3.d/S01slapd'],
}

/** What Debian starts by itself when these packages are installed, unless somebody switched it off. */
export async function examineBootPrograms(configuration: Configuration): Promise<Check[]> {
  const id = 'machine.services'
  if (!(await isThere('/run/systemd/system'))) return [unknownCheck(id, 'this machine has no systemd')]
  // A directory on this very machine may well be that one.
  const names = isOnThisMachine(configuration.directory?.url) ? ['nginx'] : ['nginx', 'slapd']
  const found = await Promise.all(
    names.map(async (name) => ({
      name,
      on: (await Promise.all((STARTED_AT_BOOT[name] ?? []).map(isThere))).includes(true),
    })),
  )
  const on = found.filter((one) => one.on).map(({ name }) => name)
  const signs = on.map((name) => sign(name, 'enabled', 'disabled'))
  return [judge(id, signs, 'warning', on.length > 0 ? `systemctl disable --now ${on.join(' ')}` : undefined)]
}

/** Pure. */
export function isOnThisMachine(url: string | undefined): boolean {
  const host = url === undefined ? '' : new URL(url).hostname
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
