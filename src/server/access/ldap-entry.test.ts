import { describe, expect, it } from 'vitest'
import { directoryIdOf, isDisabled, loginOf, plainDn, valuesOf } from './ldap-entry.js'

const entry = (attributes: Record<string, string | string[] | Buffer>) => ({ dn: 'uid=x', ...attributes })
const NOW = new Date('2026-11-23T12:00:00Z')

describe('entries of a directory', () => {
  it.each([
    [{ userAccountControl: '512' }, false],
    [{ userAccountControl: '514' }, true],
    [{ accountExpires: '0' }, false],
    [{ accountExpires: '9223372036854775807' }, false],
    [{ accountExpires: '132000000000000000' }, true],
    [{ accountExpires: '142000000000000000' }, false],
    [{ shadowExpire: '-1' }, false],
    [{ shadowExpire: '10000' }, true],
    [{ shadowExpire: '40000' }, false],
    [{ pwdAccountLockedTime: '000001010000Z' }, true],
    [{ pwdAccountLockedTime: '20261123115900Z' }, false],
    [{ nsAccountLock: 'TRUE' }, true],
    [{ nsaccountlock: 'false' }, false],
    [{}, false],
  ])('%j is closed: %s', (attributes, closed) => expect(isDisabled(entry(attributes), NOW)).toBe(closed))

  it('has one login, whatever the order of its names', () => {
    expect(loginOf(entry({ uid: ['mdupont', 'Marie'] }), 'UID')).toBe('marie')
    expect(loginOf(entry({ uid: ['Marie', 'mdupont'] }), 'uid')).toBe('marie')
    expect(loginOf(entry({ uid: 'root' }), 'uid')).toBeUndefined()
    expect(loginOf(entry({ uid: 'a b' }), 'uid')).toBeUndefined()
    expect(loginOf(entry({}), 'uid')).toBeUndefined()
  })

  it('is known by what never changes', () => {
    expect(directoryIdOf(entry({ entryUUID: 'u-1' }))).toBe('u-1')
    expect(directoryIdOf(entry({ objectGUID: Buffer.from([0xab, 0xcd]) }))).toBe('abcd')
    expect(directoryIdOf(entry({}))).toBeNull()
  })

  it('reads values of any number and kind', () => {
    expect(valuesOf(entry({ memberOf: 'a' }), 'memberof')).toEqual(['a'])
    expect(valuesOf(entry({ cn: Buffer.from('é') }), 'cn')).toEqual(['é'])
  })

  it.each([
    ['cn=A,dc=x', 'CN=a, DC=X', true],
    ['cn=a\\,b,dc=x', 'cn=a,b,dc=x', false],
    ['cn=a,dc=x', 'cn=a,dc=y', false],
  ])('takes %s and %s as the same: %s', (a, b, same) => expect(plainDn(a) === plainDn(b)).toBe(same))
})
