/**
 * A document for a library that lays `<style>` elements, which our content security policy refuses: what would become one is kept in a style sheet made by
 * script (CSSStyleSheet), which the policy allows because no markup can make one.
 */
export function standInDocument(): { document: Document; remove(): void } {
  const sheets = new Set<CSSStyleSheet>()
  const makeStyle = (): HTMLElement => {
    const sheet = new CSSStyleSheet()
    sheets.add(sheet)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    const stand = document.createElement('span')
    stand.hidden = true
    Object.defineProperty(stand, 'textContent', { set: (text: string) => sheet.replaceSync(text) })
    return stand
  }
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? makeStyle() : document.createElement(name, options)
  return {
    document: new Proxy(document, {
      get(target, name) {
        if (name === 'createElement') return createElement
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    }),
    remove() {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.has(sheet))
    },
  }
}
