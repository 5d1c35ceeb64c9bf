/** A TCP socket that waits for connections, in the current network namespace. */
export interface Listener {
  address: string
  port: number
  /** Who opened it. */
  uid: number
}

const LISTEN = '0A'

/** Pure: the listening rows of /proc/net/tcp or tcp6 (proc_pid_net(5)). Addresses are words of 32 bits in the machine's byte order, which is little-endian here. */
export function parseListeners(table: string): Listener[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN)
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':')
      return { address: spell(address), port: Number.parseInt(port, 16), uid: Number(fields[7]) }
    })
}

function spell(hex: string): string {
  const words = hex.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse())
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.slice(2 * index, 2 * index + 2).join(''))
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}
