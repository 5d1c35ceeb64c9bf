import { administration } from './en/administration.js'
import { copies } from './en/copies.js'
import { general } from './en/general.js'
import { inside } from './en/inside.js'
import { owner } from './en/owner.js'
import { sharing } from './en/sharing.js'
import { sites } from './en/sites.js'
import { stack } from './en/stack.js'
import { visitors } from './en/visitors.js'

/** The texts in English; every other language must have the same keys (messages.ts). */
export const en = {
  ...general,
  ...sites,
  ...inside,
  ...owner,
  ...copies,
  ...sharing,
  ...visitors,
  ...stack,
  ...administration,
}
