import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from '../../model/errors.js'

/** The variables of a site as they are kept: a copy of the register alone tells nothing of them. */
export interface SealedVariables {
  /** One text, another one each time. No variables: an empty text. */
  seal(uuid: string, variables: Record<string, string>): string
  /** AppError `host_failed` when it was sealed with another key, or for another site. */
  open(uuid: string, sealed: string): Record<string, string>
}

const FORM = '1.'
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Sealed with a key derived from the platform's secret key (HKDF, RFC 5869), each for its own site. */
export function sealVariables(secretKey: Buffer): SealedVariables {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'variables of sites', 32))
  return {
    seal(uuid, variables) {
      if (Object.keys(variables).length === 0) return ''
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(uuid))
      const body = Buffer.concat([cipher.update(JSON.stringify(variables), 'utf8'), cipher.final()])
      return FORM + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64')
    },
    open(uuid, sealed) {
      if (sealed === '') return {}
      try {
        return unseal(key, uuid, Buffer.from(sealed.slice(FORM.length), 'base64'))
      } catch (cause) {
        throw new AppError(
          'host_failed',
          'The variables of the site cannot be read: they were sealed with another key.',
          {
            hint: 'Restore the secret key of the register from a backup.',
            cause,
          },
        )
      }
    },
  }
}

function unseal(key: Buffer, uuid: string, bytes: Buffer): Record<string, string> {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(uuid))
    .setAuthTag(bytes.subarray(-TAG_BYTES))
  const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES)
  return JSON.parse(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'))
}
