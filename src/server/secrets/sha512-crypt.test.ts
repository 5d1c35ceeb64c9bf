import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { sha512Crypt } from './sha512-crypt.js'

const openssl = (password: string, salt: string, rounds: number) =>
  execFileSync('openssl', ['passwd', '-6', '-salt', `rounds=${rounds}$${salt}`, '-stdin'], {
    input: `${password}\n`,
    encoding: 'utf8',
  }).trim()

describe('sha512Crypt', () => {
  it('gives the reference value of the specification', () => {
    expect(sha512Crypt('Hello world!', 'saltstringsaltst', 10000)).toBe(
      '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
    )
  })

  it.each(['a', 'twentyLettersAndMore', 'é€ 𝄞', 'x'.repeat(64), 'y'.repeat(65), 'z'.repeat(200)])(
    'agrees with openssl on %s',
    (password) => {
      for (const salt of ['a', 'abcdefgh', 'ABCDEFGHJKLMNPQR'])
        expect(sha512Crypt(password, salt, 1000)).toBe(openssl(password, salt, 1000))
    },
  )
})
