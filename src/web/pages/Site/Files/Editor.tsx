import type { EditorState } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import { useLayoutEffect, useRef } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { createEditorState, languageSlot } from './editor-setup.js'
import { findLanguage } from './find-language.js'
import type { OpenFile } from './open-files.js'
import { useEditorView } from './use-editor-view.js'

// Undo history and cursor of each file, by site and path, until another revision is shown.
const states = new Map<string, { revision: number; state: EditorState }>()

interface Props {
  id: string
  file: OpenFile
  onText: (path: string, text: string) => void
}

async function colour(view: EditorView, path: string, isShown: () => boolean): Promise<void> {
  const language = await findLanguage(path)?.()
  if (language && isShown()) view.dispatch({ effects: languageSlot.reconfigure(language) })
}

export function Editor(props: Props) {
  const { t } = useWords()
  const [host, viewRef] = useEditorView()
  const latest = useRef({ ...props, t })
  latest.current = { ...props, t }
  const { id, file } = props
  const { path, revision } = file
  useLayoutEffect(() => {
    const view = viewRef.current
    if (!view) return
    const { file: shownFile, t: words } = latest.current
    const known = states.get(id)
    if (known?.revision === revision) view.setState(known.state)
    else
      view.setState(
        createEditorState({
          text: shownFile.text,
          label: words('files.editor', { path }),
          phrases: words('files.phrases', { returnObjects: true }),
          onText: (text) => latest.current.onText(path, text),
        }),
      )
    let shown = true
    void colour(view, path, () => shown)
    return () => {
      shown = false
      states.set(id, { revision, state: view.state })
    }
  }, [id, revision, path, viewRef])
  return <div ref={host} className="editor-host" />
}
