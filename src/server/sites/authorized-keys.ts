import { AppError, type FieldError } from '../../model/errors.js'

const TYPES = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
])
// sshd refuses shorter ones (RequiredRSASize is at least 1024; ours is what is still held safe). Blob: type, exponent, modulus.
const RSA_BLOB_LEAST_BYTES = 4 + 7 + 4 + 1 + 4 + 2048 / 8

/** Lines of authorized_keys(5) in canonical form, each once, without options; AppError `invalid` that names every wrong line. */
export function checkKeys(lines: string[]): string[] {
  const fields: FieldError[] = []
  const keys = new Map<string, string>()
  for (const [n, line] of lines.entries()) {
    const parsed = parseKey(line)
    if ('problem' in parsed) fields.push({ path: `keys.${n}`, message: parsed.problem })
    else keys.set(parsed.blob, parsed.line)
  }
  const [first] = fields
  if (first) throw new AppError('invalid', `A key cannot be used: ${first.message}.`, { fields })
  return [...keys.values()]
}

/** One public key as `ssh-keygen` writes it: type, base64, comment. */
export function parseKey(line: string): { line: string; blob: string } | { problem: string } {
  if (/PRIVATE KEY/.test(line)) return { problem: 'this is a private key: paste the file that ends in .pub' }
  const [type = '', blob = '', ...comment] = line.trim().split(/\s+/)
  if (!TYPES.has(type)) return { problem: 'it begins with its type, as in ssh-ed25519 AAAA…' }
  const bytes = Buffer.from(blob, 'base64')
  if (bytes.toString('base64') !== blob || bytes.length < 40) return { problem: 'it is not whole' }
  const length = bytes.readUInt32BE(0)
  if (bytes.subarray(4, 4 + length).toString('latin1') !== type)
    return { problem: 'it is not of the type that it says' }
  if (type === 'ssh-rsa' && bytes.length < RSA_BLOB_LEAST_BYTES)
    return { problem: 'an RSA key needs at least 2048 bits' }
  const words = comment
    .join(' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 100)
  return { line: `${type} ${blob} ${words}`.trimEnd(), blob }
}
