import { SitePath } from '../model/files.js'
import { checkInput, invalidInput } from './check-input.js'

const HOME = '/home/site'

/** A path as people type it (`public/x`, `./x`, `/home/site/x`, `folder/`), relative to the site's home. */
export function toSitePath(text: string): string {
  if (text.startsWith('/') && text !== HOME && !text.startsWith(`${HOME}/`))
    throw invalidInput('path', `${text} is outside ${HOME}`, 'paths begin at the home of the site: public/index.php')
  const parts = text
    .replace(new RegExp(`^${HOME}(?=/|$)`), '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  return checkInput(SitePath, parts.join('/'), 'path', 'paths begin at the home of the site: public/index.php')
}
