import { activity } from './en/activity.js'
import { administration } from './en/administration.js'
import { database } from './en/database.js'
import { first } from './en/first.js'
import { later } from './en/later.js'

/** The texts in English by the part in which they are loaded; every other language must have the same keys (messages.ts). */
export const en = { first, later, database, activity, administration }
