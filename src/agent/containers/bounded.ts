/** What an answer's list may take as JSON: a line of the agent's socket is 4 MiB at most. */
const MAX_JSON_CHARACTERS = 3 * 1024 ** 2

/** As many of the first items as an answer can carry. */
export function boundItems<T>(items: Iterable<T>, most: number): { items: T[]; truncated: boolean } {
  const kept: T[] = []
  let left = MAX_JSON_CHARACTERS
  for (const item of items) {
    left -= JSON.stringify(item).length + 1
    if (left < 0 || kept.length === most) return { items: kept, truncated: true }
    kept.push(item)
  }
  return { items: kept, truncated: false }
}
