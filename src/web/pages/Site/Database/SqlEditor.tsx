import { MariaSQL, PostgreSQL, SQLite, sql } from '@codemirror/lang-sql'
import { useLayoutEffect, useRef } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { createEditorState, languageSlot } from '../Files/editor-setup.js'
import { useEditorView } from '../Files/use-editor-view.js'

const DIALECTS: Record<string, typeof MariaSQL> = { mariadb: MariaSQL, postgresql: PostgreSQL, sqlite: SQLite }

interface Props {
  text: string
  database: string
  onText: (text: string) => void
  onRun: () => void
}

/** The file editor for statements: Ctrl+Enter runs them. */
export function SqlEditor(props: Props) {
  const { t } = useWords()
  const [host, viewRef] = useEditorView()
  const latest = useRef({ ...props, t })
  latest.current = { ...props, t }
  const { database } = props
  useLayoutEffect(() => {
    const view = viewRef.current
    if (!view) return
    const { text, t: words } = latest.current
    const run = () => {
      latest.current.onRun()
      return true
    }
    view.setState(
      createEditorState({
        text,
        label: words('database.editor'),
        phrases: words('files.phrases', { returnObjects: true }),
        onText: (now) => latest.current.onText(now),
        keys: [{ key: 'Mod-Enter', run }],
      }),
    )
    const dialect = DIALECTS[database]
    view.dispatch({ effects: languageSlot.reconfigure(sql(dialect ? { dialect } : {})) })
  }, [database, viewRef])
  return <div ref={host} className="sql-editor" />
}
