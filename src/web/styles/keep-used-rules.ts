/** Where the block that opens at `open` ends. Bootstrap's strings and addresses have no braces in them. */
function findEnd(css: string, open: number): number {
  let depth = 0
  for (let at = open; at < css.length; at += 1) {
    if (css[at] === '{') depth += 1
    if (css[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  throw new Error('a block of the style sheet does not end')
}

/** Whether every class of a selector is named somewhere in our pages. */
function isUsed(selector: string, words: ReadonlySet<string>): boolean {
  // What an element must not have says nothing about whether the rule is used.
  const positive = selector.replace(/:not\([^)]*\)/g, '')
  return [...positive.matchAll(/\.([a-zA-Z][\w-]*)/g)].every(([, name]) => words.has(name ?? ''))
}

/** The rules of a style sheet that can match something: those whose classes are among the words of our sources. */
export function keepUsedRules(css: string, words: ReadonlySet<string>): string {
  const source = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@charset[^;]*;/, '')
  let kept = ''
  for (let at = 0; ; ) {
    const open = source.indexOf('{', at)
    if (open < 0) return kept
    const end = findEnd(source, open)
    const head = source.slice(at, open).trim()
    const body = source.slice(open + 1, end)
    at = end + 1
    if (head.startsWith('@media') || head.startsWith('@supports')) {
      const inner = keepUsedRules(body, words)
      if (inner !== '') kept += `${head}{${inner}}`
    } else if (head.startsWith('@')) kept += `${head}{${body}}`
    else {
      const selectors = head.split(',').filter((selector) => isUsed(selector, words))
      if (selectors.length > 0) kept += `${selectors.join(',')}{${body}}`
    }
  }
}
