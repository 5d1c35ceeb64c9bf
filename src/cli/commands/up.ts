import { type Command, Option } from 'commander'
import type { Context } from '../context.js'

interface Options {
  demo?: boolean
  background: boolean
  prepare?: boolean
  stopSites?: boolean
}

export function defineUp(command: Command, open: () => Context): void {
  command
    .option('--demo', 'a platform to try: sample people, names below localhost, a first site')
    .option('--no-background', 'with --demo: do not build the other templates once it is up')
    .addOption(new Option('--prepare', 'only users, folders and settings').hideHelp())
    .addOption(new Option('--stop-sites', 'only stop every site').hideHelp())
    .action(async ({ demo, background, prepare, stopSites }: Options) => {
      const context = open()
      if (prepare || stopSites) {
        const systemd = await import('../up/under-systemd.js')
        return prepare ? systemd.prepareOnly(context) : systemd.stopSites(context)
      }
      // A platform goes on when nobody reads what it says any more.
      for (const stream of [process.stdout, process.stderr])
        stream.removeAllListeners('error').on('error', () => undefined)
      const { up } = await import('../up/up.js')
      await up(context, { demo: demo === true, background })
    })
}
