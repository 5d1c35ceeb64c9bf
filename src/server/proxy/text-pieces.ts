/** nginx reads no word longer than its buffer of 4096 bytes. */
const PIECE_CHARACTERS = 1500

/** A long text as variables, so that it needs no file at the moment when things go wrong and answers any method. */
export function renderPieces(name: string, text: string): string {
  return split(text)
    .map((piece, index) => `map '' $${name}_${index} { default ${quote(piece)}; }\n`)
    .join('')
}

/** The text again, in a word of nginx's. */
export function referToPieces(name: string, text: string): string {
  return split(text)
    .map((_, index) => `\${${name}_${index}}`)
    .join('')
}

function split(text: string): string[] {
  const count = Math.ceil(text.length / PIECE_CHARACTERS)
  return Array.from({ length: count }, (_, index) =>
    text.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS),
  )
}

function quote(text: string): string {
  if (text.includes('$')) throw new Error('nginx would expand a variable here')
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
