import type { WordsOf } from '../messages.js'
import { oversight } from './oversight.js'
import { platform } from './platform.js'
import { setFineSpaces } from './set-fine-spaces.js'

export const administration = setFineSpaces({ ...platform, ...oversight } satisfies WordsOf<'administration'>)
