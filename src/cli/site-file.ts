import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import type { Client } from '../client/client.js'
import { AppError } from '../model/errors.js'
import { writerTo } from './writer-to.js'

const HOME = '/home/site'

/** Copies a file of a site to a local file (`-`: standard output), whole or not at all; its size in bytes. */
export async function getFile(client: Client, name: string, path: string, target: string): Promise<number> {
  const file = await client.call('readFile', { params: { name }, query: { path } })
  const write = file.text === undefined ? streamed(client, name, path) : whole(Buffer.from(file.text))
  if (target === '-') return write(writerTo(process.stdout))
  const partial = `${target}.part`
  const stream = createWriteStream(partial)
  try {
    const sizeBytes = await write((chunk) => void stream.write(chunk))
    stream.end()
    await finished(stream)
    await rename(partial, target)
    return sizeBytes
  } catch (error) {
    stream.destroy()
    await rm(partial, { force: true })
    throw error
  }
}

type Write = (give: (chunk: Uint8Array) => void) => Promise<number>

const whole =
  (content: Buffer): Write =>
  async (give) => {
    give(content)
    return content.length
  }

// What is no text, or too long for the editor, comes out of the running site by its own `cat`.
const streamed =
  (client: Client, name: string, path: string): Write =>
  async (give) => {
    let sizeBytes = 0
    const complaint: Uint8Array[] = []
    const input = { params: { name }, body: { argv: ['cat', '--', `${HOME}/${path}`] } }
    const exitCode = await client.exec(input, {
      onStdout: (chunk) => {
        sizeBytes += chunk.length
        give(chunk)
      },
      onStderr: (chunk) => complaint.push(chunk),
    })
    if (exitCode !== 0)
      throw new AppError('host_failed', `${path}: ${Buffer.concat(complaint).toString('utf8').trim()}`)
    return sizeBytes
  }
