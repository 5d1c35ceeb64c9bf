import { describe, expect, it } from 'vitest'
import { api } from '../../model/api.js'
import { buildRequest } from './build-request.js'

describe('buildRequest', () => {
  it('encodes path parameters and leaves out absent query values', () => {
    const { url, init } = buildRequest(api.checkName, { params: { name: 'a/b c' } }, 'token')
    expect(url).toBe('/api/names/a%2Fb%20c')
    expect(init.method).toBe('GET')
    expect(init.headers).not.toHaveProperty('x-csrf-token')
    expect(buildRequest(api.listSites, { query: { all: undefined } }, undefined).url).toBe('/api/sites')
  })

  it('keeps every character of a file path in the query', () => {
    const path = 'public/été & co/100%?.php'
    const { url } = buildRequest(api.readFile, { params: { name: 'shop' }, query: { path } }, undefined)
    expect(new URL(url, 'http://x').searchParams.get('path')).toBe(path)
  })

  it('sends the token and a JSON body with unsafe methods', () => {
    const { init } = buildRequest(api.createSite, { body: { name: 'shop' } }, 'secret')
    expect(init.headers).toMatchObject({ 'x-csrf-token': 'secret', 'content-type': 'application/json' })
    expect(init.body).toBe('{"name":"shop"}')
  })

  it('sends no content type without a body', () => {
    const { init } = buildRequest(api.startSite, { params: { name: 'shop' } }, 'secret')
    expect(init.headers).not.toHaveProperty('content-type')
    expect(init.body).toBeUndefined()
  })
})
