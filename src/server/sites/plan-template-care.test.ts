import { expect, test } from 'vitest'
import type { TemplateInfo } from '../../model/template-info.js'
import { planNextNight } from './nightly.js'
import { planPrune, planUpdates } from './plan-template-care.js'

const php = { server: 'nginx', language: 'php', database: 'none' }
const plain = { server: 'nginx', language: 'static', database: 'none' }
const pending = { checkedAt: '', packages: [{ name: 'a', from: '1', to: '2', security: true }], recipesChanged: false }
const nothing = { ...pending, packages: [] }

function info(letter: string, change: Partial<TemplateInfo> = {}): TemplateInfo {
  const facts = { suite: 'bookworm', builtAt: `2026-01-0${letter}`, sizeBytes: 1, packages: 1, containers: 0 }
  return { digest: letter.repeat(64), stack: php, extra: [], current: true, ...facts, ...change }
}

test('what is behind is built again; what is up to date, former, or of which nothing is known is not', () => {
  const templates = [
    info('1', { updates: pending }),
    info('2', { stack: plain, updates: nothing }),
    info('3', { stack: { ...php, database: 'mariadb' } }),
    info('4', { current: false, updates: pending }),
    info('5', { stack: { ...php, language: 'node' }, updates: { ...nothing, recipesChanged: true } }),
  ]
  expect(planUpdates(templates, [], new Set())).toEqual([
    { stack: php, extra: [], force: true },
    { stack: { ...php, language: 'node' }, extra: [], force: true },
  ])
})

test('one with further packages is built again only for sites that have or want it', () => {
  const derived = info('1', { extra: ['git', 'imagemagick'], updates: pending })
  expect(planUpdates([derived], [], new Set())).toEqual([])
  expect(planUpdates([{ ...derived, containers: 1 }], [], new Set())).toHaveLength(1)
  expect(planUpdates([derived], [], new Set(['nginx-php-none+git+imagemagick']))).toHaveLength(1)
})

test('stacks that are missing are built, also when only a template with further packages is there', () => {
  const templates = [info('1', { updates: nothing }), info('2', { stack: plain, extra: ['git'], updates: nothing })]
  expect(planUpdates(templates, [php, plain], new Set())).toEqual([{ stack: plain, extra: [] }])
})

test('former templates go, but for those in use, those that a site may go back to, and the newest of each kind', () => {
  const former = { current: false }
  const templates = [
    info('9'),
    info('8', former),
    info('7', { ...former, containers: 1 }),
    info('6', former),
    info('5', former),
    info('4', { ...former, extra: ['git'] }),
  ]
  const now = new Date('2026-01-10')
  const digits = (needed: string[], keep: number) =>
    planPrune(templates, {
      needed: new Set(needed.map((digit) => digit.repeat(64))),
      wanted: new Set(['nginx-php-none+git']),
      keep,
      now,
    }).map((digest) => digest[0])
  expect(digits([], 1)).toEqual(['6', '5'])
  expect(digits(['6'], 1)).toEqual(['5'])
  expect(digits([], 0)).toEqual(['8', '6', '5', '4'])
  expect(digits([], 5)).toEqual([])
})

test('what was built for the packages of one site goes when no site has them, but not while it is fresh', () => {
  const templates = [
    info('5', { extra: ['git'] }),
    info('4', { extra: ['imagemagick'] }),
    info('3', { extra: ['tree'], containers: 1 }),
    info('2'),
  ]
  const wanted = new Set(['nginx-php-none+git'])
  const prune = (now: string) =>
    planPrune(templates, { needed: new Set(), wanted, keep: 1, now: new Date(now) }).map((digest) => digest[0])
  expect(prune('2026-01-10')).toEqual(['4'])
  expect(prune('2026-01-04T12:00:00Z')).toEqual([])
})

test('the next night is today when its hour is still to come, else tomorrow', () => {
  const at = (hours: number, minutes: number, day = 10) => new Date(2026, 10, day, hours, minutes)
  expect(planNextNight(at(1, 0), '03:30')).toEqual(at(3, 30))
  expect(planNextNight(at(3, 30), '03:30')).toEqual(at(3, 30, 11))
  expect(planNextNight(at(23, 59), '03:30')).toEqual(at(3, 30, 11))
})
