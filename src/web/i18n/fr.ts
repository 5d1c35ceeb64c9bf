import { administration } from './fr/administration.js'
import { copies } from './fr/copies.js'
import { general } from './fr/general.js'
import { inside } from './fr/inside.js'
import { owner } from './fr/owner.js'
import { setFineSpaces } from './fr/set-fine-spaces.js'
import { sharing } from './fr/sharing.js'
import { sites } from './fr/sites.js'
import { stack } from './fr/stack.js'
import { visitors } from './fr/visitors.js'
import type { Messages } from './messages.js'

export const fr = setFineSpaces({
  ...general,
  ...sites,
  ...inside,
  ...owner,
  ...copies,
  ...sharing,
  ...visitors,
  ...stack,
  ...administration,
} satisfies Messages)
