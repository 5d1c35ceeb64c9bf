export interface LogLine {
  source: string
  text: string
}

/** The lines of `now` that came after those of `before`, each source by itself: both are the last lines of logs that only grow, or began again. */
export function findNewLines(before: LogLine[], now: LogLine[]): LogLine[] {
  const known = new Map<string, number>()
  for (const source of new Set(now.map((line) => line.source))) {
    const texts = (lines: LogLine[]) => lines.filter((line) => line.source === source).map((line) => line.text)
    known.set(source, countOverlap(texts(before), texts(now)))
  }
  return now.filter((line) => {
    const left = known.get(line.source) ?? 0
    known.set(line.source, left - 1)
    return left <= 0
  })
}

/** Length of the longest start of `now` that `before` ends with. */
function countOverlap(before: string[], now: string[]): number {
  for (let length = Math.min(before.length, now.length); length > 0; length--) {
    const start = before.length - length
    if (now.slice(0, length).every((text, index) => text === before[start + index])) return length
  }
  return 0
}
