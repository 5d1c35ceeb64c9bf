import { bulk } from './bulk.js'
import { copies } from './copies.js'
import { create } from './create.js'
import { domains } from './domains.js'
import { inside } from './inside.js'
import { owner } from './owner.js'
import { palette } from './palette.js'
import { sharing } from './sharing.js'
import { stack } from './stack.js'
import { visitors } from './visitors.js'

/** What the pages behind the first one need. */
export const later = {
  ...create,
  ...bulk,
  ...inside,
  ...owner,
  ...copies,
  ...palette,
  ...sharing,
  ...domains,
  ...visitors,
  ...stack,
}
