import { createHash } from 'node:crypto'

/** Our pages for visitors are one file each: no script, no image, nothing to fetch that could fail as well. */
const STYLE = `:root{color-scheme:light dark;--paper:#fdf8ec;--card:#fff;--ink:#2b2418;--soft:#6a5f4c;--line:#ecdfc2;--honey:#e8a317;--comb:#f6dc9d;--calm:#8a7b62;--bad:#b3391f}
@media (prefers-color-scheme:dark){:root{--paper:#17140e;--card:#221d15;--ink:#f4ecdc;--soft:#b9ab92;--line:#3a3225;--honey:#f2b63c;--comb:#55441f;--calm:#a39577;--bad:#f08a6e}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;grid-template-rows:1fr auto;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main{width:100%;max-width:34rem;padding:2.75rem 2.5rem 2.5rem;border:1px solid var(--line);border-radius:1.25rem;background:var(--card);box-shadow:0 1px 2px #0000000a,0 12px 40px #0000000f;text-align:center}
svg{display:block;margin:0 auto 1.75rem;width:7.5rem;height:auto}
.cell{fill:var(--comb)}
.now{fill:var(--honey)}
.stopped .now{fill:var(--calm)}
.broken .now,.full .now,.tooLarge .now,.tooOften .now{fill:var(--bad)}
.refused .now,.notFound .now{fill:var(--calm)}
.sign{fill:none;stroke:var(--card);stroke-width:5;stroke-linecap:round;stroke-linejoin:round}
.name{margin:0 0 .25rem;color:var(--soft);font-weight:600;overflow-wrap:anywhere}
h1{margin:0 0 .75rem;font-size:clamp(1.5rem,1.2rem + 1.6vw,2rem);line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
p{margin:0 0 .5rem;text-wrap:balance}
.soft{margin-bottom:0;color:var(--soft)}
hr{width:3rem;margin:1.75rem auto;border:0;border-top:2px solid var(--line)}
h2{margin:0 0 .5rem;font-size:1.25rem;line-height:1.3}
footer{padding:1.25rem 0 0;color:var(--soft);font-size:.875rem}
a{color:inherit}
@media (max-width:30rem){body{padding:1rem}main{padding:2rem 1.25rem 1.75rem}}
@media (prefers-reduced-motion:no-preference){.starting .cell{animation:fill 1.8s ease-in-out infinite}.starting .b{animation-delay:.3s}.starting .c{animation-delay:.6s}@keyframes fill{50%{fill:var(--honey)}}}
`

const HASH = createHash('sha256').update(STYLE).digest('base64')

/** Allows that one style sheet and nothing else, whatever a name in the page may contain. */
export const PAGE_CSP = `default-src 'none'; style-src 'sha256-${HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export interface PageFrame {
  language: string
  title: string
  /** Of the picture: a class of the style sheet. */
  mood: string
  /** Path data of the sign in the middle cell. */
  sign: string
  /** HTML of what the card says. */
  content: string
  footer: string
  refreshSeconds?: number
}

/** A whole page. `title` and `footer` must be escaped already. */
export function renderFrame({ language, title, mood, sign, content, footer, refreshSeconds }: PageFrame): string {
  const refresh = refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">\n`
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh}<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<svg class="${mood}" viewBox="0 0 176 152" aria-hidden="true">${CELLS}<path class="sign" d="${sign}"/></svg>
${content}
</main>
<footer>${footer}</footer>
</body>
</html>
`
}

/** Seven cells of a honeycomb, the middle one in the colour of the state. */
const CELLS = [
  [60, 28, 'cell'],
  [116, 28, 'cell b'],
  [32, 76, 'cell c'],
  [88, 76, 'now'],
  [144, 76, 'cell'],
  [60, 124, 'cell b'],
  [116, 124, 'cell c'],
]
  .map(([x, y, name]) => `<path class="${name}" d="M${x} ${Number(y) - 29}l25 14.5v29l-25 14.5l-25-14.5v-29z"/>`)
  .join('')

/** Text as HTML. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}
