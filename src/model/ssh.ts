import * as z from 'zod'

/** `SHA256:…` of a public key, as ssh-keygen(1) and sshd(8) write it. */
export const Fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/)

/** Who was let in on a connection, as sshd said; `user`: for files, or for git. */
export const SshLogin = z.object({
  user: z.enum(['site', 'git']),
  method: z.enum(['publickey', 'password']),
  address: z.string().max(64),
  /** Absent for a password. */
  fingerprint: Fingerprint.optional(),
})
export type SshLogin = z.infer<typeof SshLogin>

/** SSH of a running site: its connections, those that have ended since the last look once, and the push that waits to be deployed. */
export const SshLook = z.object({
  sessions: z.array(z.object({ isOpen: z.boolean(), login: SshLogin.optional() })),
  request: z
    .object({
      id: z.string().regex(/^\d{1,12}-\d{1,8}$/),
      commit: z.string().regex(/^[0-9a-f]{40}$/),
      /** Key that the one who pushes says to have. */
      fingerprint: Fingerprint.optional(),
    })
    .optional(),
})
export type SshLook = z.infer<typeof SshLook>
