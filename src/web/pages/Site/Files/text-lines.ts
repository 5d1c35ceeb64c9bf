/** The line ending a file keeps: `\r\n` only where every line has it, so that saving changes no byte that was not edited. */
export function findLineEnding(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1
  const withReturn = text.split('\r\n').length - 1
  return all > 0 && all === withReturn && !/\r(?!\n)/.test(text) ? '\r\n' : '\n'
}

export interface ChangedLines {
  /** Lines before the first difference. */
  before: number
  mine: string[]
  theirs: string[]
}

/** Where two texts differ: the lines between what is equal at the beginning and at the end. */
export function findChangedLines(mine: string, theirs: string): ChangedLines {
  const a = mine.split(/\r?\n/)
  const b = theirs.split(/\r?\n/)
  const most = Math.min(a.length, b.length)
  let before = 0
  while (before < most && a[before] === b[before]) before += 1
  let after = 0
  while (after < most - before && a[a.length - 1 - after] === b[b.length - 1 - after]) after += 1
  return { before, mine: a.slice(before, a.length - after), theirs: b.slice(before, b.length - after) }
}
