import { EditorView } from '@codemirror/view'
import { useLayoutEffect, useRef } from 'react'

/** The editor lives in a shadow tree: there its styles are adopted sheets, which the page's Content-Security-Policy allows. */
export function useEditorView(): [React.RefObject<HTMLDivElement | null>, React.RefObject<EditorView | null>] {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  useLayoutEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const created = new EditorView({ parent: root, root })
    view.current = created
    return () => {
      view.current = null
      created.destroy()
    }
  }, [])
  return [host, view]
}
