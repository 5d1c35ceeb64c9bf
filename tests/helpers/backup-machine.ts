import { chmod, chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OuterNetwork, VISITOR_IPV4 } from './outer-network.js'
import { endProcess, start, succeed, until } from './programs.js'
import { makeTempFolder } from './temp-folder.js'

/** A machine outside that keeps copies of backups: OpenSSH's server, which gives one key SFTP and nothing else. */
export interface BackupMachine {
  /** The section of a platform's configuration. */
  configuration: string
  /** The repository as it lies there. */
  repository: string
  passwordFile: string
  /** Can be reached from that network on. */
  serve(network: OuterNetwork): Promise<void>
  /** Cannot be reached from now on. */
  vanish(): Promise<void>
  close(): Promise<void>
}

const PORT = 2022

export async function makeBackupMachine(): Promise<BackupMachine> {
  const folder = await makeTempFolder('backup-machine')
  await chmod(folder.path, 0o755)
  const at = (name: string) => join(folder.path, name)
  for (const name of ['host-key', 'key']) await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)])
  const hostKey = (await succeed('cat', [at('host-key.pub')])).split(' ').slice(0, 2).join(' ')
  await writeFile(at('known-hosts'), `[${VISITOR_IPV4}]:${PORT} ${hostKey}\n`)
  await writeFile(at('password'), 'a password of the repository\n')
  await writeFile(at('sshd.conf'), renderSshd(at))
  // Its privilege separation needs the folder; the package makes it at boot.
  await succeed('mkdir', ['-p', '/run/sshd'])
  let sshd: ReturnType<typeof start> | undefined
  const machine: BackupMachine = {
    configuration: `[backup]
repository = "sftp://root@${VISITOR_IPV4}:${PORT}${at('repository')}"
password_file = "${at('password')}"
key_file = "${at('key')}"
known_hosts_file = "${at('known-hosts')}"
check_percent = 100
`,
    repository: at('repository'),
    passwordFile: at('password'),
    async serve(network) {
      // The account was made by the platform that has started.
      const [uid, gid] = (await succeed('sh', ['-c', 'id -u ruche; id -g ruche'])).trim().split('\n').map(Number)
      for (const name of ['key', 'password']) {
        await chown(at(name), uid ?? 0, gid ?? 0)
        await chmod(at(name), 0o400)
      }
      const [program, args] = network.inside(network.visitor, ['/usr/sbin/sshd', '-D', '-e', '-f', at('sshd.conf')])
      const started = start(program, args)
      sshd = started
      await until('sshd answers', async () => {
        if (started.child.exitCode !== null) throw new Error(started.output())
        const ask = ['ssh-keyscan', '-p', String(PORT), VISITOR_IPV4]
        return (await network.run(network.vm, ask)).stdout.includes('ssh-ed25519')
      })
    },
    async vanish() {
      if (sshd) await endProcess(sshd.child, 'SIGTERM', 5000)
      sshd = undefined
    },
    async close() {
      await machine.vanish()
      await folder.remove()
    },
  }
  return machine
}

function renderSshd(at: (name: string) => string): string {
  const lines = [
    ...[`Port ${PORT}`, `HostKey ${at('host-key')}`, `AuthorizedKeysFile ${at('key.pub')}`, 'PidFile none'],
    ...['StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'PermitRootLogin prohibit-password'],
    ...['ForceCommand internal-sftp', 'Subsystem sftp internal-sftp', 'DisableForwarding yes', ''],
  ]
  return lines.join('\n')
}
