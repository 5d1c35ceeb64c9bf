import { general } from './general.js'
import { sites } from './sites.js'

/** What the first page needs, and what may appear beside every page. */
export const first = { ...general, ...sites }
