import { createHmac } from 'node:crypto'
import { sha512Crypt } from './sha512-crypt.js'

/** What the passwords of a site depend on. */
export interface PasswordSource {
  uuid: string
  sftp_generation: number
  database_generation: number
}

/** Passwords of the sites, derived and never stored: a new generation is a new password. */
export interface Passwords {
  sftp(site: PasswordSource): string
  database(site: PasswordSource): string
  /** crypt(3) hash of the SFTP password, the same each time so that a spec stays the same. */
  sftpHash(site: PasswordSource): string
  /** What a DNS record says to prove that a domain is for this site, and for no other that there ever was or will be. */
  domainProof(site: Pick<PasswordSource, 'uuid'>): string
}

// Without 0 O 1 l I, which people confuse when they type.
const ALPHABET = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const LENGTH = 20
const PROOF_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const PROOF_LENGTH = 26
// The password carries 116 bits, so stretching it adds nothing: the least number of rounds that crypt(3) allows.
const ROUNDS = 1000

/** Passwords derived from the platform's secret key. */
export function derivePasswords(key: Buffer): Passwords {
  const derive = (site: Pick<PasswordSource, 'uuid'>, which: string, generation: number) =>
    createHmac('sha256', key).update(`${site.uuid}/${which}/${generation}`).digest()
  const sftp = (site: PasswordSource) => spell(derive(site, 'sftp', site.sftp_generation), ALPHABET, LENGTH)
  return {
    sftp,
    database: (site) => spell(derive(site, 'database', site.database_generation), ALPHABET, LENGTH),
    sftpHash: (site) =>
      sha512Crypt(sftp(site), spell(derive(site, 'sftp-salt', site.sftp_generation), ALPHABET, 16), ROUNDS),
    domainProof: (site) => `ruche-${spell(derive(site, 'domain', 1), PROOF_ALPHABET, PROOF_LENGTH)}`,
  }
}

/** `length` characters of the alphabet from the bytes taken as one large number; 256 bits leave no bias that matters. */
function spell(bytes: Buffer, alphabet: string, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  const base = BigInt(alphabet.length)
  return Array.from({ length }, () => {
    const letter = alphabet[Number(rest % base)]
    rest /= base
    return letter
  }).join('')
}
