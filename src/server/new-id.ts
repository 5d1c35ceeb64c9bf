import { randomBytes } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** A new id as the model's `Id` wants it: 12 characters of a-z2-7, 60 random bits. */
export function newId(): string {
  return Array.from(randomBytes(12), (byte) => ALPHABET[byte % 32]).join('')
}
