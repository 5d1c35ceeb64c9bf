import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'

/** A secret from standard input, or typed without being shown: in an argument list every user of the machine would read it. The new line that ends it is none of it. */
export async function readSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await readAll(process.stdin)).replace(/\r?\n$/, '')
  process.stderr.write(question)
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: process.stdin, output: unseen, terminal: true })
  const answer = await prompt.question('').finally(() => prompt.close())
  process.stderr.write('\n')
  return answer
}
