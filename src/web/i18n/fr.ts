import { activity } from './fr/activity.js'
import { administration } from './fr/administration.js'
import { database } from './fr/database.js'
import { first } from './fr/first.js'
import { later } from './fr/later.js'

export const fr = { first, later, database, activity, administration }
