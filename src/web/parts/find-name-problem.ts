import { RESERVED_LABELS } from '../../model/names.js'

export type NameProblem = 'empty' | 'short' | 'long' | 'start' | 'characters' | 'hyphens' | 'reserved'

/** What is wrong with a site's name, as far as it shows without asking the server. The rule itself is the model's `SiteName`. */
export function findNameProblem(name: string): NameProblem | undefined {
  if (name === '') return 'empty'
  if (!/^[a-z0-9-]+$/.test(name)) return 'characters'
  if (!/^[a-z]/.test(name)) return 'start'
  if (name.includes('--') || name.endsWith('-')) return 'hyphens'
  if (name.length < 2) return 'short'
  if (name.length > 41) return 'long'
  return RESERVED_LABELS.includes(name) ? 'reserved' : undefined
}
