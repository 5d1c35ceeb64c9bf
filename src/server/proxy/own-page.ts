import { renderFrame } from './page-frame.js'
import { referToPieces, renderPieces } from './text-pieces.js'
import { VISITOR_SIGNS } from './visitor-words.js'

const MARK = '<!-- words -->'
const NAME = 'own_page'

/** The frame of pages with words of a site's owner, once for all sites: its name is the one that was asked for, which is one of ours. */
export function renderOwnPageFrame(): string {
  const [start, end] = halves()
  return renderPieces(`${NAME}_start`, start) + renderPieces(`${NAME}_end`, end)
}

/** The directives that answer with the frame and these words in it. */
export function ownPageBody(status: number, text: string): string {
  const [start, end] = halves()
  const parts = splitWords(asInertHtml(text))
  const sets = parts.map((part, index) => `  set $words_${index} "${part}";\n`).join('')
  const words = parts.map((_, index) => `\${words_${index}}`).join('')
  const body = `${referToPieces(`${NAME}_start`, start)}$host</p><h1>${status}</h1><p>${words}</p>${referToPieces(`${NAME}_end`, end)}`
  return `${sets}  return ${status} "${body}";`
}

function halves(): [string, string] {
  const page = renderFrame({
    language: '',
    title: 'Ruche',
    mood: 'stopped',
    sign: VISITOR_SIGNS.unknown,
    content: `<p class="name">${MARK}`,
    footer: 'Ruche',
  })
  const [start = '', end = ''] = page.split(MARK)
  return [start, end]
}

/** Text as HTML in which nginx's language sees nothing either: no quote, no variable, no line end. */
function asInertHtml(text: string): string {
  return text
    .replaceAll(/[&<>"'\\$`{}]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('\n', '<br>')
    .replaceAll(/\p{C}/gu, '')
}

/** So that an entity for each of them is still a word that nginx can read. */
const MOST_CHARACTERS = 400

function splitWords(text: string): string[] {
  const characters = [...text]
  return Array.from({ length: Math.max(1, Math.ceil(characters.length / MOST_CHARACTERS)) }, (_, index) =>
    characters.slice(index * MOST_CHARACTERS, (index + 1) * MOST_CHARACTERS).join(''),
  )
}
