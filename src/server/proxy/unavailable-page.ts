import { PAGE_CSP, renderFrame } from './page-frame.js'
import { VISITOR_SIGNS, VISITOR_WORDS } from './visitor-words.js'

/** nginx reads no word longer than its buffer of 4096 bytes. */
const PIECE_CHARACTERS = 1500

/** The page for when the server does not answer either: in both languages, since nobody is there to choose. */
export function renderUnavailablePage(): string {
  const { en, fr } = VISITOR_WORDS
  return renderFrame({
    language: 'en',
    title: `${en.unknown.title} · ${fr.unknown.title}`,
    mood: 'unknown',
    sign: VISITOR_SIGNS.unknown,
    content: `<h1>${en.unknown.title}</h1>
<p class="soft">${en.unknown.advice}</p>
<div lang="fr">
<hr>
<h2>${fr.unknown.title}</h2>
<p class="soft">${fr.unknown.advice}</p>
</div>`,
    footer: 'Ruche',
  })
}

/** `unavailable.conf`: the page as variables, so that it needs no file at the moment when things go wrong and answers any method. */
export function renderUnavailable(): string {
  return findPieces()
    .map((piece, index) => `map '' $unavailable_${index} { default ${quote(piece)}; }\n`)
    .join('')
}

/** The named location that answers with the page. */
export const UNAVAILABLE_LOCATION = `  location @unavailable {
    default_type text/html;
    charset utf-8;
    add_header Content-Security-Policy "${PAGE_CSP}" always;
    add_header Retry-After 60 always;
    add_header Cache-Control no-store always;
    return 503 "${findPieces()
      .map((_, index) => `\${unavailable_${index}}`)
      .join('')}";
  }
`

function findPieces(): string[] {
  const page = renderUnavailablePage()
  const count = Math.ceil(page.length / PIECE_CHARACTERS)
  return Array.from({ length: count }, (_, index) =>
    page.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS),
  )
}

function quote(text: string): string {
  if (text.includes('$')) throw new Error('nginx would expand a variable here')
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
