import { readFileSync } from 'node:fs'

const ESTABLISHED = '01'

/** Open TCP connections of others to these ports in the network namespace of a process (proc_net_tcp(5)); undefined when they cannot be seen. */
export function countConnections(pid: number, ports: readonly number[]): number | undefined {
  try {
    const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/${pid}/net/${name}`, 'latin1'))
    return tables.reduce((sum, table) => sum + countInTable(table, ports), 0)
  } catch {
    return undefined
  }
}

/** Pure: rows of the kernel's table that are a connection at one of the ports. What only listens, or has ended on both sides, is none. */
export function countInTable(table: string, ports: readonly number[]): number {
  return table
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => {
      const port = Number.parseInt(local.split(':')[1] ?? '', 16)
      return ports.includes(port) && state === ESTABLISHED
    }).length
}
