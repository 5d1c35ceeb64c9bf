import type { Paint } from './styles.js'
import { COMMON_VERBS, type Verb } from './verbs.js'

const line = (verb: Verb, width: number) => `  ${`${verb.name} ${verb.usage}`.trimEnd().padEnd(width)}  ${verb.summary}`

/** What `ruche` says by itself: the most used commands, then all others, then the options that every command takes. */
export function renderHelp(verbs: Verb[], paint: Paint): string {
  const common = COMMON_VERBS.flatMap((name) => verbs.filter((verb) => verb.name === name))
  const others = verbs.filter((verb) => !COMMON_VERBS.includes(verb.name))
  const width = Math.max(...verbs.map((verb) => `${verb.name} ${verb.usage}`.trimEnd().length))
  return `${[
    `${paint('bold', 'ruche')}: web sites in containers of their own`,
    '',
    paint('bold', 'Used most'),
    ...common.map((verb) => line(verb, width)),
    '',
    paint('bold', 'Also'),
    ...others.map((verb) => line(verb, width)),
    '',
    paint('bold', 'Every command takes'),
    '  --json         one JSON document on standard output, nothing else',
    '  --root DIR     the platform whose folders are below DIR, instead of those of the system',
    '  --config FILE  another configuration file than /etc/ruche/ruche.toml',
    '',
    'ruche COMMAND --help tells more about one.',
  ].join('\n')}\n`
}
