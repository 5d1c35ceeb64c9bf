import { isIPv4 } from 'node:net'
import type { PublicAddresses } from '../../src/server/names/public-addresses.js'

/** Public addresses that stay as they are. */
export function fixedAddresses(addresses: string[]): PublicAddresses {
  return {
    current: () => ({
      ipv4: addresses.filter((address) => isIPv4(address)),
      ipv6: addresses.filter((address) => !isIPv4(address)),
    }),
    all: () => addresses,
    status: () => ({ addresses, followed: false }),
    look: async () => undefined,
  }
}
