import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run, until } from '../run.mjs'
import { addressIn } from './network.mjs'
import { FIRST_ID, IDS, makeOverlay } from './tree.mjs'

const addressOf = addressIn(4)

/** systemd-nspawn with an overlay and a user namespace. */
export async function nspawn({ folder, trees, bridge }) {
  const own = join(folder, 'nspawn')
  const running = new Map()
  const at = (index) => join(own, `s${index}`)
  return {
    name: 'nspawn',
    folder: own,
    version: (await run('systemd-nspawn', ['--version'])).split(' ')[1],
    addressOf,
    ready: async () => undefined,
    create: async (index) => void makeOverlay(at(index), FIRST_ID),
    start: async (index) => {
      const { upper, work, merged } = makeOverlay(at(index), FIRST_ID)
      await run('mount', [
        '-t',
        'overlay',
        'overlay',
        '-o',
        `lowerdir=${trees.shifted},upperdir=${upper},workdir=${work}`,
        merged,
      ])
      const args = [
        '--quiet',
        `--machine=s${index}`,
        '--register=no',
        '--keep-unit',
        `--private-users=${FIRST_ID}:${IDS}`,
        '--console=pipe',
      ]
      const child = spawn(
        'systemd-nspawn',
        [...args, `--network-bridge=${bridge}`, '--kill-signal=TERM', '-D', merged, '/start'],
        { stdio: 'ignore' },
      )
      running.set(index, child)
      // Its own way to an address is a service inside.
      const commands = `address replace ${addressOf(index)}/16 dev host0\nlink set host0 up\nlink set lo up\n`
      const enter = () => [`--net=/proc/${firstChildOf(child)}/ns/net`, 'ip', '-batch', '-']
      await until('its network', async () => [await run('nsenter', enter(), commands)], 1)
    },
    stop: async (index) => {
      const child = running.get(index)
      child.kill('SIGTERM')
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
      await run('umount', [join(at(index), 'merged')])
    },
    destroy: async (index) => rmSync(at(index), { recursive: true }),
    close: async () => undefined,
  }
}

const firstChildOf = ({ pid }) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]
