import { AppError } from '../model/errors.js'
import { invalidInput } from './check-input.js'

const KEY =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]{40,1800}={0,3}(?: .*)?$/

/** The keys and one more: one line of a public key file. AppError `invalid` for anything else, a private key above all. */
export function addKey(keys: string[], text: string): string[] {
  const key = text.trim()
  if (/PRIVATE KEY/.test(key))
    throw invalidInput('key', 'this is a private key: it must stay with you', 'give the .pub file')
  if (!KEY.test(key))
    throw invalidInput('key', 'this is not a public key of OpenSSH', 'it looks like: ssh-ed25519 AAAA… name')
  const material = (line: string) => line.split(' ')[1]
  return keys.some((known) => material(known) === material(key)) ? keys : [...keys, key]
}

/** The keys without the one that has this number (from 1), comment or text. AppError `not_found` when none does, `conflict` when several do. */
export function removeKey(keys: string[], which: string): string[] {
  const wanted = which.trim()
  const comment = (key: string) => key.split(' ').slice(2).join(' ')
  const matches = keys.filter((key, index) => String(index + 1) === wanted || key === wanted || comment(key) === wanted)
  if (matches.length === 0)
    throw new AppError('not_found', `There is no key ${wanted}.`, { hint: 'ruche sftp NAME keys list' })
  if (matches.length > 1)
    throw new AppError('conflict', `Several keys are called ${wanted}.`, { hint: 'give its number' })
  return keys.filter((key) => key !== matches[0])
}
