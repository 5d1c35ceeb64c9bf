import { expect, test } from 'vitest'
import { renderAptConfig } from './apt.js'

const sources = { suite: 'bookworm', architecture: 'amd64', lines: [] }

test('apt works on the tree alone, with the host’s own ways to the archive', () => {
  const config = renderAptConfig('/t', '/t/.building/tree', sources, 'Acquire::http::Proxy "http://proxy.test:3128";\n')
  expect(config).toContain('Acquire::http::Proxy "http://proxy.test:3128";\n')
  expect(config).toContain('Dir::State::Status "/t/.building/tree/var/lib/dpkg/status";')
  expect(config).toContain('DPkg::Options:: "--root=/t/.building/tree";')
  expect(config).toContain('Dir::Etc::Parts "/dev/null";')
  expect(config).toContain('APT::Install-Recommends "false";')
})
