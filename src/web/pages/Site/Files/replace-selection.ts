import { EditorView } from '@codemirror/view'

/**
 * Text that replaces a selection is put in by us. Left to the browser, it would keep the colours of what was selected by style attributes,
 * which the page's Content-Security-Policy refuses with a complaint in the console.
 */
export const replaceSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main, ranges } = view.state.selection
    const text = event.data
    if (event.inputType !== 'insertText' || !text || main.empty || ranges.length > 1 || event.isComposing) return false
    event.preventDefault()
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true })
    const handled = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, main.from, main.to, text, insert))
    if (!handled) view.dispatch(insert())
    return true
  },
})
