import { createHash } from 'node:crypto'
import { chmod, cp, link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { succeed } from '../../helpers/programs.js'

/** A small archive of Debian packages on this machine, which needs no way out. */
export interface Archive {
  /** Its line in a sources.list(5). */
  line: string
  /** Publishes a package of ours: path in the tree → content; `setuid` of them run as their owner. It takes the place of its earlier versions. */
  publish(name: string, version: string, files: Record<string, string>, setuid?: string[]): Promise<void>
}

/** With the packages that lie in `fetched`. */
export async function openArchive(folder: string, fetched: string): Promise<Archive> {
  await mkdir(folder, { recursive: true })
  for (const name of (await readdir(fetched)).filter((one) => one.endsWith('.deb')))
    await link(join(fetched, name), join(folder, name)).catch(() => cp(join(fetched, name), join(folder, name)))
  const stanzas = new Map<string, string>()
  for (const name of await readdir(folder)) stanzas.set(name, await describe(join(folder, name)))
  return {
    line: `deb [trusted=yes] file:${folder} ./`,
    async publish(name, version, files, setuid = []) {
      const tree = join(folder, '.trees', `${name}-${version}`)
      for (const [path, content] of Object.entries({ ...files, '/DEBIAN/control': control(name, version) })) {
        await mkdir(join(tree, path, '..'), { recursive: true })
        await writeFile(join(tree, path), content)
      }
      for (const path of setuid) await chmod(join(tree, path), 0o4755)
      const file = `${name}_${version}_all.deb`
      await succeed('dpkg-deb', ['--root-owner-group', '--build', tree, join(folder, file)])
      for (const one of stanzas.keys()) if (one.startsWith(`${name}_`)) stanzas.delete(one)
      stanzas.set(file, await describe(join(folder, file)))
      await writeFile(join(folder, 'Packages'), [...stanzas.values()].join('\n'))
    },
  }
}

const control = (name: string, version: string) =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: nobody <nobody@example.test>\nDescription: for a test\n`

/** What a Packages file says of one package. */
async function describe(path: string): Promise<string> {
  const content = await readFile(path)
  const digest = createHash('sha256').update(content).digest('hex')
  const fields = (await succeed('dpkg-deb', ['--field', path])).trimEnd()
  return `${fields}\nFilename: ./${basename(path)}\nSize: ${content.length}\nSHA256: ${digest}\n`
}
