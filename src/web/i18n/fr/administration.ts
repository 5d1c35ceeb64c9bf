import type { WordsOf } from '../messages.js'
import { platform } from './platform.js'
import { setFineSpaces } from './set-fine-spaces.js'

export const administration = setFineSpaces({ ...platform } satisfies WordsOf<'administration'>)
