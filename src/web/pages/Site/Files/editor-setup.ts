import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  type KeyBinding,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { editorTheme } from './editor-theme.js'
import { replaceSelection } from './replace-selection.js'
import { findLineEnding } from './text-lines.js'

/** Where the language goes once it is loaded. */
export const languageSlot = new Compartment()

const basics: Extension = [
  lineNumbers(),
  foldGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  indentUnit.of('  '),
  replaceSelection,
  editorTheme,
]

interface Setup {
  text: string
  label: string
  phrases: Record<string, string>
  onText: (text: string) => void
  /** Of its place; they come before the editor's own. */
  keys?: KeyBinding[]
}

/** The editor's state for one file. Tab indents; Escape, then Tab leaves the editor. */
export function createEditorState({ text, label, phrases, onText, keys = [] }: Setup): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      EditorState.lineSeparator.of(findLineEnding(text)),
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      keymap.of([
        ...keys,
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...foldKeymap,
        indentWithTab,
        ...defaultKeymap,
      ]),
      basics,
      languageSlot.of([]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onText(update.state.sliceDoc())
      }),
    ],
  })
}
