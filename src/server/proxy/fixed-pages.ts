import { PAGE_CSP, renderFrame } from './page-frame.js'
import { referToPieces, renderPieces } from './text-pieces.js'
import { VISITOR_SIGNS, VISITOR_WORDS, type VisitorKind } from './visitor-words.js'

/** Pages that nginx has by itself: for when the server does not answer either, and where asking it would cost more than the answer is worth. */
const FIXED = {
  unavailable: { kind: 'unknown', status: 503, retrySeconds: 60 },
  'not-found': { kind: 'notFound', status: 404, retrySeconds: undefined },
  'too-often': { kind: 'tooOften', status: 429, retrySeconds: 10 },
  'too-large': { kind: 'tooLarge', status: 413, retrySeconds: undefined },
} as const satisfies Record<string, { kind: VisitorKind; status: number; retrySeconds: number | undefined }>
type FixedName = keyof typeof FIXED
const NAMES = Object.keys(FIXED) as FixedName[]

/** In both languages, since nobody is there to choose. */
export function renderFixedPage(name: FixedName): string {
  const { kind } = FIXED[name]
  const [en, fr] = [VISITOR_WORDS.en[kind], VISITOR_WORDS.fr[kind]]
  return renderFrame({
    language: 'en',
    title: `${en.title} · ${fr.title}`,
    mood: kind,
    sign: VISITOR_SIGNS[kind],
    content: `<h1>${en.title}</h1>
<p class="soft">${en.advice}</p>
<div lang="fr">
<hr>
<h2>${fr.title}</h2>
<p class="soft">${fr.advice}</p>
</div>`,
    footer: 'Ruche',
  })
}

const variable = (name: FixedName) => `fixed_${name.replace('-', '_')}`

/** The pages as variables. */
export function renderFixedPages(): string {
  return NAMES.map((name) => renderPieces(variable(name), renderFixedPage(name))).join('')
}

/** The named locations that answer with them. */
export function renderFixedLocations(names: readonly FixedName[] = NAMES): string {
  return names.map(renderLocation).join('')
}

function renderLocation(name: FixedName): string {
  const { status, retrySeconds } = FIXED[name]
  const retry = retrySeconds === undefined ? '' : `    add_header Retry-After ${retrySeconds} always;\n`
  return `  location @${name} {
    default_type text/html;
    charset utf-8;
    add_header Content-Security-Policy "${PAGE_CSP}" always;
${retry}    add_header Cache-Control no-store always;
    return ${status} "${referToPieces(variable(name), renderFixedPage(name))}";
  }
`
}
