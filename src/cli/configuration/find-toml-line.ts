/**
 * Line (from 1) where a key of a TOML text is set, or else where its table begins. Undefined when neither is found.
 * For messages only: it reads lines, not the whole grammar.
 */
export function findTomlLine(text: string, path: readonly string[]): number | undefined {
  let table: string[] = []
  let near = { length: 0, line: undefined as number | undefined }
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[\[?\s*([^\]]+?)\s*\]/.exec(line)
    const key = /^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(line)
    if (header) table = splitKey(header[1] ?? '')
    if (!header && !key) continue
    const length = countCommon(key ? [...table, ...splitKey(key[1] ?? '')] : table, path)
    if (length > near.length) near = { length, line: index + 1 }
  }
  return near.line
}

const splitKey = (text: string) => text.split('.').map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))

function countCommon(one: readonly string[], other: readonly string[]): number {
  const different = one.findIndex((part, index) => part !== other[index])
  return different < 0 ? one.length : different
}
