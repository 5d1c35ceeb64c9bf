/**
 * While a library is on the page that lays `<style>` elements and sets `style` attributes, which our content security policy refuses: what would become one is
 * kept in a style sheet made by script (CSSStyleSheet), or set as properties (CSSStyleDeclaration), which the policy allows because no markup can make them.
 * It stands in for the page's own `createElement`: xterm 6 takes that in some places whatever document it is given. Answers how to end it.
 */
export function styleByScript(): () => void {
  const make = document.createElement.bind(document)
  const sheets = new Set<CSSStyleSheet>()
  const makeStyle = (): HTMLElement => {
    const sheet = new CSSStyleSheet()
    sheets.add(sheet)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    const stand = make('span')
    stand.hidden = true
    Object.defineProperty(stand, 'textContent', { set: (text: string) => sheet.replaceSync(text) })
    return stand
  }
  const makeElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = make(name, options)
    const set = element.setAttribute.bind(element)
    element.setAttribute = (key, value) => {
      if (key === 'style') element.style.cssText = value
      else set(key, value)
    }
    return element
  }
  document.createElement = ((name: string, options?: ElementCreationOptions) =>
    name === 'style' ? makeStyle() : makeElement(name, options)) as Document['createElement']
  return () => {
    Reflect.deleteProperty(document, 'createElement')
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.has(sheet))
  }
}
