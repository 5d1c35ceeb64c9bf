// `npm run package`: a Debian package of what was built, for machines that run Ruche for real. It needs no npm there.
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from './build.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'

process.chdir(new URL('..', import.meta.url).pathname)
const FOLDER = '.cache/package'
const TREE = join(FOLDER, 'tree')
/** What of the clone goes where. */
const PARTS = {
  'bin/ruche': 'usr/lib/ruche/bin/ruche',
  'package.json': 'usr/lib/ruche/package.json',
  'dist/ruche.mjs': 'usr/lib/ruche/dist/ruche.mjs',
  'dist/agent.mjs': 'usr/lib/ruche/dist/agent.mjs',
  'dist/launch': 'usr/lib/ruche/dist/launch',
  'dist/app': 'usr/lib/ruche/dist/app',
  templates: 'usr/lib/ruche/templates',
  'packaging/systemd': 'usr/lib/systemd/system',
  'packaging/tmpfiles/ruche.conf': 'usr/lib/tmpfiles.d/ruche.conf',
  'packaging/ruche.toml': 'etc/ruche/ruche.toml',
  'packaging/sysctl/60-ruche.conf': 'usr/lib/ruche/60-ruche.conf',
  'README.md': 'usr/share/doc/ruche/README.md',
  docs: 'usr/share/doc/ruche/docs',
  'packaging/debian': 'DEBIAN',
}

await build()
const { version, description } = JSON.parse(await readFile('package.json', 'utf8'))
const architecture = (await run('dpkg', ['--print-architecture'])).stdout.trim()
await rm(FOLDER, { recursive: true, force: true })
for (const [from, to] of Object.entries(PARTS)) await cp(from, join(TREE, to), { recursive: true, dereference: true })
await mkdir(join(TREE, 'usr/bin'), { recursive: true })
await symlink('../lib/ruche/bin/ruche', join(TREE, 'usr/bin/ruche'))
await writeFile(join(TREE, 'DEBIAN/conffiles'), '/etc/ruche/ruche.toml\n')
await writeFile(join(TREE, 'DEBIAN/control'), await renderControl())
const file = join(FOLDER, `ruche_${version}_${architecture}.deb`)
await run('chmod', ['-R', 'u=rwX,go=rX', TREE])
await step('package', () => run('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', TREE, file]))
console.log(file)

async function renderControl() {
  const [toRun = ''] = (await readFile('packaging/packages.txt', 'utf8')).split('# --- for the demonstration')
  const names = toRun.split('\n').map((line) => line.replace(/#.*/, '').trim())
  // libseccomp: the launcher is linked to it.
  const depends = ['nodejs (>= 20.19)', 'libseccomp2', 'systemd', ...names.filter(Boolean)]
  return [
    'Package: ruche',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: Ruche <root@localhost>',
    'Section: web',
    'Priority: optional',
    `Depends: ${depends.join(', ')}`,
    `Description: ${description}`,
    '',
  ].join('\n')
}
