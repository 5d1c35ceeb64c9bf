/// <reference types="vite/client" />
import sprite from 'bootstrap-icons/bootstrap-icons.svg?raw'
import { expect, it } from 'vitest'
import { ICON_PATHS } from './icon-paths.js'

it('has the pictures as their authors drew them', () => {
  const symbols = new Map(
    [...sprite.matchAll(/<symbol[^>]* id="([^"]+)">(.*?)<\/symbol>/gs)].map(([, id = '', body = '']) => [id, body]),
  )
  for (const [name, path] of Object.entries(ICON_PATHS)) {
    const drawn = [...(symbols.get(name) ?? '').matchAll(/ d="([^"]+)"/g)].map(([, d]) => d).join('')
    expect([name, path]).toEqual([name, drawn])
  }
})
