import { oversight } from './oversight.js'
import { platform } from './platform.js'

/** What the pages of administrators need. */
export const administration = { ...platform, ...oversight }
