import type { WordsOf } from '../messages.js'
import { general } from './general.js'
import { setFineSpaces } from './set-fine-spaces.js'
import { sites } from './sites.js'

export const first = setFineSpaces({ ...general, ...sites } satisfies WordsOf<'first'>)
