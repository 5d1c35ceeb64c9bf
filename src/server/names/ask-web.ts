import { request } from 'node:https'
import { rootCertificates } from 'node:tls'

export interface WebQuestion {
  /** Asked over this family alone; absent: whichever leads there. */
  family?: 4 | 6
  /** Authorities trusted besides those of Node, PEM. */
  ca?: string | undefined
  headers?: Record<string, string>
}

export interface WebAnswer {
  status: number
  text: string
}

const TIMEOUT_MS = 10_000
const MOST_CHARACTERS = 4096

/** Asks a small page over HTTPS. Redirects are not followed: what is sent is for that server alone. Throws when it does not answer. */
export function askWeb(url: URL, { family, ca, headers = {} }: WebQuestion = {}): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ca] }
    const options = { agent: false, headers, ...(family && { family }), ...trusted }
    const call = request(url, options, (answer) => {
      let text = ''
      const settle = () => {
        clearTimeout(late)
        resolve({ status: answer.statusCode ?? 0, text: text.slice(0, MOST_CHARACTERS) })
      }
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length < MOST_CHARACTERS) return
        settle()
        call.destroy()
      })
      answer.on('end', settle)
      answer.on('error', reject)
    })
    const late = setTimeout(() => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS)
    call.on('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
    call.end()
  })
}
