import { expect, test } from 'vitest'
import { renderAptConfig, renderSourcesList } from './apt.js'

const sources = { suite: 'bookworm', architecture: 'amd64', lines: [] }

test('apt works on the tree alone, with the host’s own ways to the archive', () => {
  const config = renderAptConfig('/t', '/t/.building/tree', sources, 'Acquire::http::Proxy "http://proxy.test:3128";\n')
  expect(config).toContain('Acquire::http::Proxy "http://proxy.test:3128";\n')
  expect(config).toContain('Dir::State::Status "/t/.building/tree/var/lib/dpkg/status";')
  expect(config).toContain('DPkg::Options:: "--root=/t/.building/tree";')
  expect(config).toContain('Dir::Etc::Parts "/dev/null";')
  expect(config).toContain('APT::Install-Recommends "false";')
})

test('packages in a folder of this machine are fetched like others, so that they can be looked at', () => {
  const lines = [
    'deb [trusted=yes] file:/srv/debs ./',
    'deb file:/srv/more ./',
    'deb http://deb.test/debian suite main',
  ]
  expect(renderSourcesList({ lines })).toBe(
    'deb [trusted=yes] copy:/srv/debs ./\ndeb copy:/srv/more ./\ndeb http://deb.test/debian suite main\n',
  )
})
