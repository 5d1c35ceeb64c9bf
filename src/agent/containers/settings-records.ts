import type { ContainerSpec } from '../../model/container.js'

/** What the agent lays in /run/ruche/settings of a container, by name; the template's own parts read it from there. */
export type SettingsRecords = Record<string, string>

const lines = (values: readonly string[]): string => values.map((value) => `${value}\n`).join('')

/** The settings of a container as text. `frontProxy`: addresses whose forwarding headers the site's server may believe. */
export function renderSettingsRecords(spec: ContainerSpec, frontProxy: readonly string[]): SettingsRecords {
  const { settings, limits, id } = spec
  return {
    site_name: id,
    domains: lines(settings.domains),
    sftp_password_hash: settings.sftpPasswordHash,
    sftp_keys: lines(settings.sftpKeys),
    database_password: settings.databasePassword,
    environment: lines(Object.entries(settings.environment).map(([name, value]) => `${name}=${escapeLine(value)}`)),
    memory_mb: String(Math.floor(limits.memoryBytes / 1024 ** 2)),
    resolver: frontProxy[0] ?? '',
    front_proxy: lines(frontProxy),
  }
}

/** One line whatever is in it: `\\` and `\n` stand for a backslash and a new line. */
function escapeLine(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
