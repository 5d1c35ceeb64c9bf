export interface PublicKey {
  type: string
  /** What the owner calls it; may be empty. */
  comment: string
  /** The last characters of the key, by which people recognise it. */
  ending: string
}

const TYPES = /^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/

/** A line of authorized_keys(5) without options, or undefined when it is none (a private key, half a key…). */
export function readKey(line: string): PublicKey | undefined {
  const [type = '', key = '', ...comment] = line.trim().split(/\s+/)
  if (!TYPES.test(type) || !/^[A-Za-z0-9+/]{60,}={0,2}$/.test(key) || /[\r\n]/.test(line.trim())) return undefined
  return {
    type: type.replace(/^ssh-|^ecdsa-sha2-/, ''),
    comment: comment.join(' '),
    ending: key.replace(/=+$/, '').slice(-8),
  }
}
