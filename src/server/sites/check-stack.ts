import { AppError } from '../../model/errors.js'
import type { Stack } from '../../model/stack.js'
import type { StackChoices } from '../../model/template-info.js'

const PARTS = [
  ['server', 'servers'],
  ['language', 'languages'],
  ['database', 'databases'],
] as const

/** AppError `invalid` when a stack is made of what there is not. */
export function checkStack(choices: StackChoices, stack: Stack): void {
  const fields = PARTS.flatMap(([part, list]) => {
    const names = choices[list].map((choice) => choice.name)
    return names.includes(stack[part]) ? [] : [{ path: `stack.${part}`, message: `choose one of ${names.join(', ')}` }]
  })
  if (fields.length === 0) return
  const said = fields.map(({ path, message }) => `${path.slice('stack.'.length)}: ${message}`)
  throw new AppError('invalid', `This stack does not exist: ${said.join('; ')}.`, { fields })
}
