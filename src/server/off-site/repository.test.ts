import { expect, it } from 'vitest'
import { parseRepository } from '../../model/off-site.js'
import { planTags, readCopies, readSummary } from './repository.js'
import { explainRefusal, planRepository } from './restic.js'

const KEY = '6f1c1c1e-0000-4000-8000-000000000001'
const ID = 'aaaabbbbcccc'
const AT = '2026-01-02T03:04:05.678Z'

it('takes the address of a repository, and nothing that could be an option or a second word', () => {
  expect(parseRepository('sftp://ruche@backup.example.org/srv/ruche')).toEqual({
    ...{ user: 'ruche', host: 'backup.example.org', port: 22, folder: '/srv/ruche' },
  })
  expect(parseRepository('sftp://ruche@[2001:db8::1]:2022/a/b')).toMatchObject({ host: '2001:db8::1', port: 2022 })
  for (const text of [
    ...['', '/srv/ruche', 'ftp://a@b/c', 'sftp://b/c', 'sftp://a@b', 'sftp://a@b/', 'sftp://a@-oProxyCommand=x/c'],
    ...['sftp://-x@b/c', 'sftp://a@b/c d', "sftp://a@b/c'd", 'sftp://a@b/../c', 'sftp://a@b/c\n', 'sftp://a@b/-c'],
  ])
    expect(parseRepository(text), text).toBeUndefined()
})

it('reaches it with OpenSSH alone, which knows the host, and names files, never what is in them', () => {
  const place = { user: 'ruche', host: '2001:db8::1', port: 2022, folder: '/srv/ruche' }
  const args = planRepository({ ...place, passwordFile: '/p', keyFile: '/k', knownHostsFile: '/h' })
  expect(args.slice(0, 5)).toEqual([
    ...['--repo', 'sftp:ruche@[2001:db8::1]:/srv/ruche', '--password-file', '/p', '--no-cache'],
  ])
  expect(args.at(-1)).toMatch(/^sftp\.command=ssh -F \/dev\/null -i \/k -p 2022 -l ruche .* 2001:db8::1 -s sftp$/)
  expect(args.at(-1)).toContain('StrictHostKeyChecking=yes')
})

it('lists whole copies of ours and leaves out whatever else lies there', () => {
  const tags = (more: string) =>
    (planTags({ id: ID, key: KEY, site: 'shop', createdAt: AT, sizeBytes: 1, proven: true })[3] ?? '')
      .split(',')
      .concat(more)
  const snapshot = (id: string, some?: string[]) => ({ id, time: AT, ...(some && { tags: some }) })
  const output = JSON.stringify([
    ...[
      snapshot('1', tags('whole')),
      snapshot('2', tags('none')),
      snapshot('3', ['whole', 'key:../..']),
      snapshot('4'),
    ],
  ])
  expect(readCopies(output)).toEqual([{ id: ID, key: KEY, site: 'shop', createdAt: AT, proven: true, snapshot: '1' }])
  expect(readCopies('null')).toEqual([])
  expect(() => readCopies('[{"id":1}]')).toThrow()
})

it('believes a backup only by what restic says that it kept', () => {
  const lines = ['{"message_type":"status"}', `{"message_type":"summary","total_bytes_processed":7,"snapshot_id":"ab"}`]
  expect(readSummary(lines.join('\n'))).toMatchObject({ total_bytes_processed: 7, snapshot_id: 'ab' })
  expect(() => readSummary(lines[0] ?? '')).toThrow('did not say')
})

it('says what was wrong in the words that tell most', () => {
  expect(explainRefusal('subprocess ssh: Host key verification failed.\nFatal: unable to open repository: EOF\n')).toBe(
    'subprocess ssh: Host key verification failed.',
  )
  expect(explainRefusal('Fatal: wrong password or no key found\n\u001b[31m')).toBe(
    'Fatal: wrong password or no key found',
  )
  expect(explainRefusal('')).toBeUndefined()
})
