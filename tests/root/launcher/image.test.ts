import { chmod, mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/model/errors.js'
import { PATIENCE, succeed } from '../../helpers/programs.js'
import { openTestBed, type TestBed } from './test-site.js'

let bed: TestBed

beforeAll(async () => {
  bed = await openTestBed()
})
afterAll(() => bed.close())

/** What debugfs(8) says about a stopped image: no mount, so no path of it is followed. */
const debugfs = (image: string, request: string): Promise<string> => succeed('debugfs', ['-R', request, image])

describe('data', () => {
  it('stays, with the ids of the site on disk; the layer goes', async () => {
    const image = await bed.makeImage('kept')
    const first = await bed.startSite(image)
    await first.sh(
      'chown 1000:1000 /home/site; echo data > /home/site/file; chown 1000 /home/site/file; echo layer > /etc/file',
    )
    await first.end()
    expect(await debugfs(image, 'stat /data/home/file')).toMatch(/User: +1000 +Group: +0 /)
    expect(await debugfs(image, 'stat /layer/upper/etc/file')).toMatch(new RegExp(`User: +${first.plan.uidBase} `))

    const second = await bed.startSite(image) // with other ids of the host
    expect(await second.sh('cat /home/site/file; stat -c %u /home/site /home/site/file; ls /etc')).toBe(
      'data\n1000\n1000',
    )
  })

  it('folders are made when they are missing', async () => {
    const image = await bed.makeImage('grown')
    const site = await bed.startSite(image, {
      data: [
        { folder: 'home', at: '/home/site' },
        { folder: 'state', at: '/var/lib' },
      ],
    })
    expect(await site.sh('stat -c "%a %u %g" /var/lib; touch /var/lib/x')).toBe('755 0 0')
  })

  it('survives the end of the first process by force', async () => {
    const image = await bed.makeImage('forced')
    const first = await bed.startSite(image)
    await first.sh('echo synced > /home/site/file; sync /home/site/file')
    await first.end()
    const second = await bed.startSite(image)
    expect(await second.sh('cat /home/site/file')).toBe('synced')
  })
})

describe('two images', () => {
  it('with one UUID are mounted at once', async () => {
    const mkfs = ['-U', '2dbb9a2c-5f1e-4d1c-9f0e-6f7d9a6f0f11']
    const left = await bed.startSite(await bed.makeImage('left', { mkfs }))
    const right = await bed.startSite(await bed.makeImage('right', { mkfs }))
    await left.sh('echo left > /home/site/name')
    await right.sh('echo right > /home/site/name')
    expect([await left.sh('cat /home/site/name'), await right.sh('cat /home/site/name')]).toEqual(['left', 'right'])
  })

  it('or twenty start at once, each on a loop device of its own', async () => {
    const images = await Promise.all(Array.from({ length: 20 }, (_, i) => bed.makeImage(`many-${i}`, { size: '8M' })))
    const sites = await Promise.all(images.map((image) => bed.startSite(image)))
    await Promise.all(sites.map((site, i) => site.sh(`echo ${i} > /home/site/number`)))
    expect(await Promise.all(sites.map((site) => site.sh('cat /home/site/number')))).toEqual(
      images.map((_, i) => `${i}`),
    )
    await Promise.all(sites.map((site) => site.end()))
  })
})

describe('one image', () => {
  it(
    'is never mounted twice',
    async () => {
      const image = await bed.makeImage('single')
      const site = await bed.startSite(image)
      await expect(bed.startSite(image)).rejects.toThrow(AppError)
      expect(await bed.console()).toContain(`launch: image: ${image} is in use`)
      await site.end()
    },
    30_000 * PATIENCE,
  )

  it('can be started again right after its end', async () => {
    const image = await bed.makeImage('again')
    for (let i = 0; i < 5; i++) await (await bed.startSite(image)).end()
  })
})

describe('the layer', () => {
  it('is emptied, whatever a site built in it', async () => {
    const image = await bed.makeImage('deep', { size: '64M' })
    const first = await bed.startSite(image)
    // Deeper than any path can name; wide; special files; odd names; a symlink that leads out.
    await first.sh(
      `mkdir /deep && cd /deep && i=0; while [ $i -lt 600 ]; do mkdir deep-deep && cd deep-deep && : > f; i=$((i+1)); done`,
    )
    await first.sh('mkdir /wide && cd /wide && seq 1 2000 | xargs touch && mkfifo p && ln -s / out && chmod 000 /wide')
    await first.sh('touch "/-rf" "/ " "/$(printf \'a\\nb\')" && rm -r /var/lib && mkdir -p /.1/.2/.3 && touch /.1/x')
    await first.end()
    const second = await bed.startSite(image)
    expect((await second.sh('ls -A /')).split('\n').sort()).toEqual([
      'bin',
      'dev',
      'etc',
      'home',
      'proc',
      'root',
      'run',
      'sbin',
      'sys',
      'tmp',
      'var',
    ])
    await second.end()
    expect(await debugfs(image, 'ls -p /layer')).not.toMatch(/\/\.\d+\//)
    await succeed('e2fsck', ['-fn', image])
  })

  it('can be emptied and made anew on a full disk', async () => {
    const image = await bed.makeImage('full', { size: '16M', mkfs: ['-m', '0'] })
    const first = await bed.startSite(image)
    await first.sh(
      'mkdir -p /a/b/c/d /a/e; touch /a/b/f /a/e/f; dd if=/dev/zero of=/home/site/all bs=64k 2>/dev/null; :',
    )
    await first.sh('cat /dev/zero > /a/b/c/d/rest 2>/dev/null; :')
    expect(await first.sh('df -k /home/site | awk "END { print \\$4 }"')).toMatch(/^\d\d?$/)
    await first.end()
    const second = await bed.startSite(image)
    await second.sh('[ ! -e /a ] && rm /home/site/all')
    await second.end()
  })

  it('can be emptied without a free inode', async () => {
    const image = await bed.makeImage('inodes', { size: '16M', mkfs: ['-N', '256'] })
    const first = await bed.startSite(image)
    await first.sh('mkdir -p /a/b; i=0; while touch /home/site/$i; do i=$((i+1)); done 2>/dev/null; :')
    expect(await first.sh('df -i /home/site | awk "END { print \\$4 }"')).toBe('0')
    await first.end()
    const second = await bed.startSite(image)
    await second.sh('[ ! -e /a ]')
  })
})

describe('symlinks', () => {
  it('ISO-14: where a data folder should be are not followed', async () => {
    const image = await bed.makeImage('linked')
    await debugfsWrite(image, 'symlink /data/home /etc')
    await expect(bed.startSite(image)).rejects.toThrow(AppError)
    expect(await bed.console()).toContain('launch: data: home: Too many levels of symbolic links')
  })

  it('ISO-14: where the layer should be are not followed', async () => {
    const image = await bed.makeImage('linked-layer')
    await debugfsWrite(image, 'rmdir /layer', 'symlink /layer /data')
    await expect(bed.startSite(image)).rejects.toThrow(AppError)
    expect(await bed.console()).toMatch(/launch: layer: (Not a directory|Too many levels)/)
  })

  it.each([
    ['proc', '/etc', 'proc'],
    ['dev', '/dev', 'dev'],
    ['run', '../../../run', 'run'],
    ['var/log', '/etc', '/var/log'],
  ])('ISO-14: of the template at /%s are not followed', async (at, target, said) => {
    const template = join(bed.folder, `template-${said.replaceAll('/', '-')}`)
    await succeed('cp', ['-a', join(bed.folder, 'template'), template])
    await rm(join(template, at), { recursive: true })
    await symlink(target, join(template, at))
    await expect(
      bed.startSite(await bed.makeImage(`template-${said.replaceAll('/', '-')}.image`), { templateTree: template }),
    ).rejects.toThrow(AppError)
    expect(await bed.console()).toContain(`launch: root: ${said}: Too many levels of symbolic links`)
  })

  it('ISO-14: of a site lead nowhere outside it', async () => {
    const image = await bed.makeImage('sly')
    const outside = join(bed.folder, 'outside')
    await mkdir(outside)
    await chmod(outside, 0o777)
    const first = await bed.startSite(image)
    await first.sh(
      `ln -s ${outside} /home/site/escape; ln -s ${outside} /var/log/escape; touch /home/site/escape/x || :`,
    )
    await first.end()
    const second = await bed.startSite(image)
    expect((await second.inside(['touch', '/home/site/escape/x'])).stderr).toContain('No such file')
    expect(await succeed('ls', ['-A', outside])).toBe('')
  })
})

async function debugfsWrite(image: string, ...requests: string[]): Promise<void> {
  for (const request of requests) await succeed('debugfs', ['-w', '-R', request, image])
}
