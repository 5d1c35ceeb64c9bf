import { useEffect, useRef } from 'react'
import { visibleText } from '../../../../model/visible-text.js'
import type { ShownLine } from '../../../api/logs.js'
import { useWords } from '../../../i18n/use-words.js'

/** How near the end counts as being there, in pixels. */
const NEAR = 24

function Line({ line }: { line: ShownLine }) {
  return (
    <div className={`log-line log-${line.level}`}>
      <time>{line.at?.slice(0, 19).replace('T', ' ') ?? ''}</time>
      <span className="log-source">{visibleText(line.source)}</span>
      <span className="log-text">{visibleText(line.text)}</span>
    </div>
  )
}

interface Props {
  lines: ShownLine[]
  follows: boolean
  onFollow: (follows: boolean) => void
}

/** The lines, with the newest in view while one follows; scrolling up stops that, scrolling to the end begins it again. */
export function LogLines({ lines, follows, onFollow }: Props) {
  const { t } = useWords()
  const box = useRef<HTMLElement>(null)
  // After each rendering: every new line moves the end. What scrolls can be reached by keyboard.
  useEffect(() => {
    if (!box.current) return
    box.current.tabIndex = 0
    if (follows) box.current.scrollTop = box.current.scrollHeight
  })
  const onScroll = () => {
    if (!box.current) return
    const { scrollTop, scrollHeight, clientHeight } = box.current
    onFollow(scrollHeight - scrollTop - clientHeight < NEAR)
  }
  return (
    <section className="log-lines" ref={box} onScroll={onScroll} aria-label={t('logs.lines')}>
      {lines.map((line) => (
        <Line key={line.key} line={line} />
      ))}
    </section>
  )
}
