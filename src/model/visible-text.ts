/** Text that a site or a person wrote, as it is: control and direction characters, which act on a terminal and turn what a page shows, become visible; tabs stay. */
export function visibleText(text: string): string {
  return text.replace(/[^\P{C}\t]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
    return `\\u{${code.toString(16)}}`
  })
}
