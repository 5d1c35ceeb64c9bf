import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerSettings } from '../model/server-settings.js'

/** The settings with which the server of this machine was started; undefined when there are none, or they may not be read. */
export async function findServerSettings(runFolder: string): Promise<ServerSettings | undefined> {
  try {
    const settings = ServerSettings.safeParse(JSON.parse(await readFile(join(runFolder, 'server.json'), 'utf8')))
    return settings.data
  } catch {
    return undefined
  }
}
