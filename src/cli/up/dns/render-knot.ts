import { RECORD_TYPES } from '../../../model/zone-record.js'

/** What our DNS server is told at its start. */
export interface KnotPlan {
  /** Addresses it answers on. */
  listen: readonly string[]
  port: number
  zone: string
  /** Folder of its zone and its database, its own. */
  dataFolder: string
  runFolder: string
  /** TSIG secret of whoever may update the zone, base64. */
  secret: string
}

export const KEY_NAME = 'ruche'
export const KEY_ALGORITHM = 'hmac-sha256'

/**
 * Configuration of knotd (knot.conf(5)): authoritative for one zone, which only the holder of the key may change, and only in types that sites need. Every change is
 * in the zone file at once; a kill in between is mended from the journal. Pure.
 */
export function renderKnot(plan: KnotPlan): string {
  const { port, zone, dataFolder, runFolder, secret } = plan
  return `server:
    rundir: "${runFolder}"
    listen: [ ${plan.listen.map((address) => `"${address}@${port}"`).join(', ')} ]
    version: ""
    identity: ""
    udp-workers: 1
    tcp-workers: 2
    background-workers: 1
    tcp-idle-timeout: 5
log:
  - target: stderr
    any: warning
database:
    storage: "${dataFolder}"
key:
  - id: ${KEY_NAME}
    algorithm: ${KEY_ALGORITHM}
    secret: ${secret}
acl:
  - id: update
    key: ${KEY_NAME}
    action: update
    update-type: [ ${RECORD_TYPES.join(', ')} ]
template:
  - id: default
    storage: "${dataFolder}"
    zonefile-sync: 0
    zonefile-load: whole
    journal-content: changes
zone:
  - domain: "${zone}."
    file: "zone"
    acl: update
`
}

/** The zone as it is before anybody told it a name (RFC 1035 §5). Pure. */
export function renderFirstZone(zone: string, ttlSeconds: number, listen: readonly string[]): string {
  const addresses = listen.map((address) => `ns ${address.includes(':') ? 'AAAA' : 'A'} ${address}\n`)
  return `$ORIGIN ${zone}.
$TTL ${ttlSeconds}
@ SOA ns hostmaster 1 3600 600 604800 ${Math.min(ttlSeconds, 60)}
@ NS ns
${addresses.join('')}`
}

/** A TSIG key as nsupdate(1) reads it with -k. Pure. */
export function renderKey(secret: string): string {
  return `key "${KEY_NAME}" {\n\talgorithm ${KEY_ALGORITHM};\n\tsecret "${secret}";\n};\n`
}
