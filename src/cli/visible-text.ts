import { StringDecoder } from 'node:string_decoder'

/** Text that a site or a person wrote, safe for a terminal: control and direction characters become visible, tabs stay. */
export function visibleText(text: string): string {
  return text.replace(/[^\P{C}\t]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
    return `\\u{${code.toString(16)}}`
  })
}

/** Where a site's program writes: on a terminal only as visible text, so that nothing in a site can act on whoever looks; to a file or program as it is. */
export function writerTo(stream: NodeJS.WriteStream): (chunk: Uint8Array) => void {
  if (!stream.isTTY) return (chunk) => void stream.write(chunk)
  const decoder = new StringDecoder('utf8')
  return (chunk) => {
    const lines = decoder.write(Buffer.from(chunk)).split('\n')
    stream.write(lines.map((line) => visibleText(line.replace(/\r$/, ''))).join('\n'))
  }
}
