import { StringDecoder } from 'node:string_decoder'
import { visibleText } from '../model/visible-text.js'

/** Where a site's program writes: on a terminal only as visible text, so that nothing in a site can act on whoever looks; to a file or program as it is. */
export function writerTo(stream: NodeJS.WriteStream): (chunk: Uint8Array) => void {
  if (!stream.isTTY) return (chunk) => void stream.write(chunk)
  const decoder = new StringDecoder('utf8')
  return (chunk) => {
    const lines = decoder.write(Buffer.from(chunk)).split('\n')
    stream.write(lines.map((line) => visibleText(line.replace(/\r$/, ''))).join('\n'))
  }
}
