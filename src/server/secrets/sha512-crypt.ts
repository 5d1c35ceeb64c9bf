import { createHash } from 'node:crypto'

const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Unix crypt(3) with SHA-512 (`$6$rounds=N$salt$…`), by Ulrich Drepper's specification of 2008. Salt: at most 16 of `./0-9A-Za-z`. */
export function sha512Crypt(password: string, salt: string, rounds: number): string {
  const key = Buffer.from(password, 'utf8')
  const seed = Buffer.from(salt, 'latin1')
  let digest = firstDigest(key, seed)
  const p = repeated(digestOf(...Array<Buffer>(key.length).fill(key)), key.length)
  const s = repeated(digestOf(...Array<Buffer>(16 + (digest[0] ?? 0)).fill(seed)), seed.length)
  for (let round = 0; round < rounds; round++) {
    const hash = createHash('sha512').update(round % 2 ? p : digest)
    if (round % 3) hash.update(s)
    if (round % 7) hash.update(p)
    digest = hash.update(round % 2 ? digest : p).digest()
  }
  return `$6$rounds=${rounds}$${salt}$${encode(digest)}`
}

function firstDigest(key: Buffer, seed: Buffer): Buffer {
  const other = digestOf(key, seed, key)
  const hash = createHash('sha512').update(key).update(seed).update(repeated(other, key.length))
  for (let bits = key.length; bits > 0; bits >>= 1) hash.update(bits & 1 ? other : key)
  return hash.digest()
}

function digestOf(...parts: Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes)
}

// Three bytes at a time, each group starting one place further in a circle of three thirds; the last byte alone.
function encode(digest: Buffer): string {
  let text = ''
  let [a, b, c] = [0, 21, 42]
  for (let group = 0; group < 21; group++) {
    text += letters(((digest[a] ?? 0) << 16) | ((digest[b] ?? 0) << 8) | (digest[c] ?? 0), 4)
    ;[a, b, c] = [b + 1, c + 1, a + 1]
  }
  return text + letters(digest[63] ?? 0, 2)
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_, n) => LETTERS[(value >> (6 * n)) & 63]).join('')
}
