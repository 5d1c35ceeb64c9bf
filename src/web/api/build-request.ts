import type { ApiEntry } from '../../model/api/entry.js'

interface Input {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** What `fetch` is told for one route of the API table: path parameters and query are encoded, the body is JSON. */
export function buildRequest(
  entry: ApiEntry,
  input: unknown,
  csrfToken: string | undefined,
): { url: string; init: RequestInit } {
  const { params = {}, query = {}, body } = (input ?? {}) as Input
  const path = entry.path.replace(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  const headers: Record<string, string> = { accept: 'application/json' }
  if (entry.method !== 'GET' && csrfToken !== undefined) headers['x-csrf-token'] = csrfToken
  const init: RequestInit = { method: entry.method, headers, credentials: 'same-origin', redirect: 'error' }
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(body)
  }
  return { url: search.size > 0 ? `${path}?${search}` : path, init }
}
