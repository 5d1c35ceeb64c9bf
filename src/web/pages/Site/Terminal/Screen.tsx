import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Xterm } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { useEffect, useRef } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { type Ending, openConnection } from './open-connection.js'
import { styleByScript } from './style-by-script.js'

interface Props {
  site: string
  onEnd: (ending: Ending) => void
}

const MOST_LINES = 5000

/** Dark in both themes of the pages: what programs write expects a dark screen. */
const THEME = { background: '#16181d', foreground: '#e6e6e6', cursor: '#f2b632', selectionBackground: '#3d4452' }

/** Puts a terminal into `element` and joins it to a new shell of the site; answers how to end both. */
function openScreen(element: HTMLElement, site: string, onEnd: (ending: Ending) => void): () => void {
  const endStyles = styleByScript()
  const xterm = new Xterm({
    cursorBlink: true,
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: 14,
    scrollback: MOST_LINES,
    screenReaderMode: true,
    theme: THEME,
  })
  const fit = new FitAddon()
  xterm.loadAddon(fit)
  xterm.open(element)
  fit.fit()
  const size = () => ({ rows: xterm.rows, columns: xterm.cols })
  const show = (bytes: Uint8Array) => xterm.write(bytes)
  const connection = openConnection(site, size(), { show, end: onEnd })
  xterm.onData((text) => connection.type(new TextEncoder().encode(text)))
  xterm.onBinary((text) => connection.type(Uint8Array.from(text, (letter) => letter.charCodeAt(0))))
  xterm.onResize(() => connection.resize(size()))
  const observer = new ResizeObserver(() => fit.fit())
  observer.observe(element)
  xterm.focus()
  return () => {
    observer.disconnect()
    connection.close()
    xterm.dispose()
    endStyles()
  }
}

/** The screen of a terminal and its keyboard. */
export function Screen({ site, onEnd }: Props) {
  const { t } = useWords()
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => (host.current ? openScreen(host.current, site, onEnd) : undefined), [site, onEnd])
  return <div ref={host} className="terminal-screen" role="application" aria-label={t('terminal.screen')} />
}
