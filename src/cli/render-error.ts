import type { AppError } from '../model/errors.js'
import { visibleText } from '../model/visible-text.js'
import type { Paint } from './styles.js'

/** An error for people: what is wrong, each wrong input when there are several, and what to do next. */
export function renderError(error: AppError, paint: Paint): string {
  const lines = [`${paint('red', 'error:')} ${visibleText(error.message)}`]
  if (error.fields && error.fields.length > 1)
    for (const field of error.fields) lines.push(`  ${visibleText(field.path)}: ${visibleText(field.message)}`)
  if (error.hint !== undefined) lines.push(`${paint('cyan', 'hint:')} ${visibleLines(error.hint)}`)
  if (error.code === 'internal' && error.cause instanceof Error)
    lines.push(`${paint('dim', 'cause:')} ${visibleText(error.cause.message)}`)
  return `${lines.join('\n')}\n`
}

/** The same error as a JSON document. */
export function errorDocument(error: AppError): object {
  const { code, message, hint, fields } = error
  return { error: { code, message, hint, fields } }
}

// The end of a log is a hint of several lines.
const visibleLines = (text: string) => text.split('\n').map(visibleText).join('\n  ')
