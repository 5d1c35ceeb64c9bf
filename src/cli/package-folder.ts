import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../model/errors.js'

/** Folder of the installed package: the nearest one above this file with a package.json. */
export function getPackageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) return folder
  throw new AppError('internal', 'The folder of Ruche was not found.')
}

/** Version of Ruche, as in its package.json. */
export function getVersion(): string {
  const { version } = JSON.parse(readFileSync(join(getPackageFolder(), 'package.json'), 'utf8')) as { version: string }
  return version
}
