import type { WordsOf } from '../messages.js'
import { bulk } from './bulk.js'
import { copies } from './copies.js'
import { create } from './create.js'
import { domains } from './domains.js'
import { inside } from './inside.js'
import { owner } from './owner.js'
import { palette } from './palette.js'
import { setFineSpaces } from './set-fine-spaces.js'
import { sharing } from './sharing.js'
import { stack } from './stack.js'
import { visitors } from './visitors.js'

export const later = setFineSpaces({
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
} satisfies WordsOf<'later'>)
