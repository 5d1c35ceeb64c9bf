import { type Sign, sign } from '../../model/doctor.js'
import type { ProcessFacts } from '../host/process-facts.js'

/** Capabilities that a process of a site may have at most (isolation: "Capabilities kept"). */
export const KEPT_CAPABILITIES = 0x405fbn
const IDS = 65_536

/** What a process of one container must be like. */
export interface Confinement {
  /** Its container, for the words. */
  id: string
  uidBase: number
  host: Readonly<Record<string, string>>
  /** Namespaces of its first process; undefined: it only must be in none of the host's. */
  container: Readonly<Record<string, string>> | undefined
}

/** What of a process is not confined. Pure. */
export function findProcessSigns(facts: ProcessFacts, { id, uidBase, host, container }: Confinement): Sign[] {
  const what = `${id}: process ${facts.pid} (${facts.name})`
  const isOwn = (one: number) => one >= uidBase && one < uidBase + IDS
  const foreign = [...facts.uids, ...facts.gids].find((one) => !isOwn(one))
  const { bounding, permitted, inheritable, ambient } = facts.capabilities
  const masks = { bounding, permitted, inheritable, ambient }
  const tooMany = Object.entries(masks).filter(([, mask]) => (mask & ~KEPT_CAPABILITIES) !== 0n)
  return [
    ...(foreign === undefined ? [] : [sign(what, `id ${foreign}`, `${uidBase}–${uidBase + IDS - 1}`)]),
    ...(facts.noNewPrivs ? [] : [sign(what, 'no_new_privs 0', '1')]),
    ...(facts.seccomp === 2 && (facts.filters ?? 2) >= 2
      ? []
      : [sign(what, `seccomp ${facts.seccomp}, filters ${facts.filters ?? '–'}`, 'seccomp 2, filters 2')]),
    ...tooMany.map(([name, mask]) =>
      sign(what, `${name} 0x${mask.toString(16)}`, `0x${KEPT_CAPABILITIES.toString(16)}`),
    ),
    ...Object.entries(facts.namespaces)
      .filter(([name, value]) => value === host[name] || (container !== undefined && value !== container[name]))
      .map(([, value]) => sign(what, value, 'a namespace of the site')),
  ]
}
