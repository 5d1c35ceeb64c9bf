import type { Extension } from '@codemirror/state'

type Load = () => Promise<Extension>

const html: Load = async () => (await import('@codemirror/lang-html')).html()
const css: Load = async () => (await import('@codemirror/lang-css')).css()
const javascript: Load = async () =>
  (await import('@codemirror/lang-javascript')).javascript({ jsx: true, typescript: true })
const json: Load = async () => (await import('@codemirror/lang-json')).json()
const markdown: Load = async () => (await import('@codemirror/lang-markdown')).markdown()
const php: Load = async () => (await import('@codemirror/lang-php')).php()
const sql: Load = async () => {
  const { sql: language, MariaSQL } = await import('@codemirror/lang-sql')
  return language({ dialect: MariaSQL })
}

const BY_ENDING: Record<string, Load> = {
  html,
  htm: html,
  svg: html,
  xml: html,
  css,
  js: javascript,
  mjs: javascript,
  cjs: javascript,
  jsx: javascript,
  ts: javascript,
  tsx: javascript,
  json,
  md: markdown,
  php,
  phtml: php,
  inc: php,
  sql,
}

/** What colours a file of this name; each language is loaded when it is first needed. */
export function findLanguage(path: string): Load | undefined {
  return BY_ENDING[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
}
