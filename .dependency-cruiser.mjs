// The floor plan of the house: which room may import which. Run by `npm run check`; tests/house plants a violation of each rule.

const at = (path) => `(^|/)src/${path}`
const inside = (...rooms) => rooms.map((room) => at(`${room}/`)).join('|')

/** room → rooms it may import besides itself (design: "The house"). */
const rooms = {
  model: [],
  agent: ['model'],
  engine: ['model'],
  client: ['model'],
  server: ['model', 'engine'],
  cli: ['model', 'client'],
  web: ['model', 'client'],
}

/** Layers inside a room, top first: a layer may import itself and those below it. */
const layers = {
  agent: ['doctor', 'backups', 'containers', 'rootfs', 'network', 'host'],
  server: ['routes', 'sites', 'operations', 'register'],
}

/** npm packages each room may use at run time. */
const packages = {
  model: ['zod'],
  agent: ['zod'],
  engine: ['zod'],
  client: ['zod'],
  server: [
    '@fastify/',
    'fastify',
    'fastify-plugin',
    'zod',
    'kysely',
    '@photostructure/sqlite',
    'pg',
    'ldapts',
    'pino',
    'croner',
    'ws',
    'acme-client',
  ],
  cli: ['commander', 'smol-toml', 'ws', 'zod'],
  web: [
    'react',
    'react-dom',
    'react-router',
    '@tanstack/react-query',
    'react-hook-form',
    'bootstrap',
    'bootstrap-icons',
    'i18next',
    'react-i18next',
    '@codemirror/',
    '@lezer/',
    '@xterm/',
    'uqr/',
    'zod',
    'vite',
  ],
}

const roomRules = Object.entries(rooms).map(([room, below]) => ({
  name: `room-${room}`,
  comment: `${room} may import ${below.length ? below.join(', ') : 'no other room'}`,
  severity: 'error',
  from: { path: at(`${room}/`) },
  to: { path: at(''), pathNot: `${inside(room, ...below)}|node_modules/` },
}))

const packageRules = Object.entries(packages).map(([room, names]) => ({
  name: `packages-${room}`,
  comment: `${room} uses only ${names.join(', ') || 'no package'}`,
  severity: 'error',
  from: { path: at(`${room}/`), pathNot: '\\.test\\.tsx?$' },
  to: {
    path: 'node_modules/',
    pathNot: names.length
      ? names.map((name) => `node_modules/(@types/)?${name}${name.endsWith('/') ? '' : '/'}`).join('|')
      : '^$',
  },
}))

const layerRules = Object.entries(layers).flatMap(([room, order]) =>
  order.slice(1).map((layer, index) => ({
    name: `layer-${room}-${layer}`,
    comment: `commands go down: ${layer} may not import ${order.slice(0, index + 1).join(', ')}`,
    severity: 'error',
    from: { path: at(`${room}/${layer}/`), pathNot: '\\.test\\.ts$' },
    to: { path: inside(...order.slice(0, index + 1).map((upper) => `${room}/${upper}`)) },
  })),
)

/** The only files that start programs. Everything else goes through one of them. */
const STARTERS = [
  'agent/host/',
  'agent/proxy-process\\.ts',
  'server/run\\.ts',
  'server/off-site/restic\\.ts',
  'cli/up/(run|supervisor|child)\\.ts',
  'cli/run\\.ts',
].map(at)

export default {
  forbidden: [
    ...roomRules,
    ...packageRules,
    ...layerRules,
    {
      name: 'model-is-pure',
      comment: 'model runs in browsers too: nothing of Node',
      severity: 'error',
      from: { path: at('model/'), pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'web-is-a-page',
      comment: 'web runs in browsers: nothing of Node',
      severity: 'error',
      from: { path: at('web/'), pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'programs-start-in-few-places',
      comment: 'child_process only in the files that take an argument list and never a shell',
      severity: 'error',
      from: { path: at(''), pathNot: [...STARTERS, '\\.test\\.tsx?$'].join('|') },
      to: { path: '^(node:)?child_process$', dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: at(''), pathNot: '\\.test\\.tsx?$' },
      to: { path: '(^|/)tests/|\\.test\\.tsx?$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
