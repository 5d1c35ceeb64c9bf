import { afterEach, describe, expect, it, vi } from 'vitest'
import { main } from './main.js'

describe('main', () => {
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  afterEach(() => said.mockClear())
  const tell = async (...words: string[]) => {
    const exitCode = await main([...words, '--json'])
    return { exitCode, ...JSON.parse(said.mock.calls.map(([text]) => text).join('')) }
  }

  it('refuses a word too many instead of passing over it', async () => {
    const answer = await tell('create', 'shop', 'blog')
    expect(answer).toMatchObject({ exitCode: 2, error: { code: 'invalid' } })
    expect(answer.error.message).toMatch(/^too many arguments/)
  })

  it('says in words that a command lacks its second word', async () => {
    expect(await tell('people')).toMatchObject({
      exitCode: 2,
      error: { code: 'invalid', message: 'this command needs another word after it' },
    })
  })

  it('names no command of that name', async () => {
    expect(await tell('frobnicate', 'x')).toMatchObject({
      exitCode: 2,
      error: { code: 'invalid', message: 'there is no command frobnicate' },
    })
  })
})
