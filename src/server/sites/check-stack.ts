import { AppError } from '../../model/errors.js'
import type { Stack } from '../../model/stack.js'
import { findChoiceMisfit, type StackChoices } from '../../model/template-info.js'

const PARTS = [
  ['server', 'servers'],
  ['language', 'languages'],
  ['database', 'databases'],
] as const

/** AppError `invalid` when a stack is made of what there is not, or of what makes no sense together. */
export function checkStack(choices: StackChoices, stack: Stack): void {
  const fields = PARTS.flatMap(([part, list]) => {
    const names = choices[list].map((choice) => choice.name)
    return names.includes(stack[part]) ? [] : [{ path: `stack.${part}`, message: `choose one of ${names.join(', ')}` }]
  })
  if (fields.length === 0) {
    checkFit(choices, stack)
    return
  }
  const said = fields.map(({ path, message }) => `${path.slice('stack.'.length)}: ${message}`)
  throw new AppError('invalid', `This stack does not exist: ${said.join('; ')}.`, { fields })
}

function checkFit(choices: StackChoices, stack: Stack): void {
  const misfit = findChoiceMisfit(choices, stack)
  if (!misfit) return
  const { part, because, allowed } = misfit
  const message = `${stack[because]} goes with ${allowed.join(', ')}`
  throw new AppError('invalid', `${stack[because]} and ${stack[part]} make no sense together: ${message}.`, {
    hint: `Choose another ${because}, or the ${part} ${allowed.join(' or ')}.`,
    fields: [{ path: `stack.${part}`, message }],
  })
}
