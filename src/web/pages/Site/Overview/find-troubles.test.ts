import { describe, expect, it } from 'vitest'
import { anOperation, aSite } from '../../../test-data.js'
import { findTroubles } from './find-troubles.js'

const kinds = (...args: Parameters<typeof findTroubles>) => findTroubles(...args).map(({ kind }) => kind)
const error = { code: 'host_failed', message: 'The image could not be made.', id: 'log1' } as const

describe('findTroubles', () => {
  it('finds nothing wrong with a healthy site, nor with one whose usage is unknown', () => {
    expect(kinds(aSite(), [])).toEqual([])
    expect(kinds({ ...aSite(), usage: undefined }, [])).toEqual([])
  })

  it('gives reason and error of a failed site', () => {
    const site = { ...aSite(), state: 'failed' as const, reason: 'MariaDB does not start' }
    expect(findTroubles(site, [anOperation({ state: 'failed', error })])).toEqual([
      { kind: 'failed', reason: 'MariaDB does not start', error },
    ])
  })

  it('does not say the same twice', () => {
    const site = { ...aSite(), state: 'failed' as const, reason: error.message }
    expect(findTroubles(site, [anOperation({ state: 'failed', error })])).toEqual([{ kind: 'failed', error }])
  })

  it('tells a creation that broke, but not an old failure after which something worked', () => {
    const stopped = { ...aSite(), state: 'stopped' as const }
    const broken = anOperation({ kind: 'site.create', state: 'failed', error })
    expect(kinds(stopped, [broken])).toEqual(['creation'])
    expect(kinds(stopped, [anOperation({ state: 'done' }), broken])).toEqual([])
  })

  it('warns of memory, disk and restarts', () => {
    const site = aSite()
    const usage = { oomKills: 2, diskUsedBytes: site.limits.diskBytes }
    expect(kinds({ ...site, usage, restarts: 3 }, [])).toEqual(['memory', 'disk', 'restarts'])
  })
})
