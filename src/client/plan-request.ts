import type { ApiEntry } from '../model/api/entry.js'
import { type ApiInput, type ApiName, api } from '../model/api.js'

export interface PlannedRequest {
  method: string
  path: string
  body: string | undefined
}

/** Method, path with its parameters filled in, and JSON body of one call of the API. Nothing is checked here: the server does, at its door. */
export function planRequest<N extends ApiName>(name: N, input: ApiInput<N> | undefined): PlannedRequest {
  const entry: ApiEntry = api[name]
  const { params = {}, query = {}, body } = (input ?? {}) as ParsedInput
  const path = entry.path.replace(/:([A-Za-z]+)/g, (_, key: string) => encodeURIComponent(String(params[key])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value))
  const text = search.size === 0 ? '' : `?${search}`
  return { method: entry.method, path: path + text, body: body === undefined ? undefined : JSON.stringify(body) }
}

interface ParsedInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}
