/** Longest line on the agent's socket, in UTF-16 units (JSON of ours is ASCII where it is long: base64). */
export const MAX_LINE_LENGTH = 4 * 1024 * 1024

export interface LineSplitter {
  /** Gives every line that `text` completes, without its newline, to `onLine`. False when a line is longer than allowed: stop reading. */
  add(text: string): boolean
  /** Length of the beginning of a line that waits for its end. */
  partialLength(): number
}

/** Cuts a stream of text into lines and never holds more than one line of `maxLength`. */
export function makeLineSplitter(onLine: (line: string) => void, maxLength = MAX_LINE_LENGTH): LineSplitter {
  let partial = ''
  return {
    add(text) {
      let from = 0
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
        if (partial.length + end - from > maxLength) return false
        const line = partial + text.slice(from, end)
        partial = ''
        from = end + 1
        onLine(line)
      }
      if (partial.length + text.length - from > maxLength) return false
      partial += text.slice(from)
      return true
    },
    partialLength: () => partial.length,
  }
}
