import { AppError } from '../../model/errors.js'

/** An archive is a tar(5) of these members in this order, each header exactly as `renderHeader` makes it; so every bit of it is known or hashed. */
export const FILES = 'files.tar.zst'
export const DATABASE = 'database.sql.zst'
export const MANIFEST = 'manifest.json'
export const SEAL = 'manifest.sha256'

export const BLOCK = 512
export const END_BYTES = 2 * BLOCK
export const MOST_MANIFEST_BYTES = 64 * 1024
const LARGEST_OCTAL = 0o77777777777

/** Pure: the ustar header of a member. Larger than 8 GiB: the size as GNU tar writes it, in base 256. */
export function renderHeader(name: string, bytes: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100, 'latin1')
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  if (bytes <= LARGEST_OCTAL) header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124)
  else {
    header[124] = 0x80
    header.writeBigUInt64BE(BigInt(bytes), 128)
  }
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** Pure: how many bytes the member has whose header that is, undefined when it is another's. AppError `invalid` for one that was not written by us. */
export function readHeader(header: Buffer, name: string): number | undefined {
  if (header.length !== BLOCK) throw damaged('it ends too early')
  const found = header.toString('latin1', 0, 100).replace(/\0.*$/s, '')
  if (found !== name) return undefined
  const octal = /^[0-7]{11}\0$/.exec(header.toString('latin1', 124, 136))
  const bytes = octal ? Number.parseInt(octal[0], 8) : Number(header.readBigUInt64BE(128))
  if (!Number.isSafeInteger(bytes) || !renderHeader(name, bytes).equals(header)) throw damaged(`the header of ${name}`)
  return bytes
}

/** Bytes from the end of a member's content to the next header. */
export const padding = (bytes: number): number => (BLOCK - (bytes % BLOCK)) % BLOCK

export function damaged(what: string): AppError {
  return new AppError('invalid', `The backup is damaged (${what}); nothing was changed.`, {
    hint: 'Use another backup.',
  })
}
