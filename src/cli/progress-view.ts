import type { Operation } from '../model/operation.js'
import { visibleText } from '../model/visible-text.js'
import { formatDuration } from './format.js'
import { openPaint } from './styles.js'

/** Where slow work shows how far it is. */
export interface ProgressView {
  /** What is being done now. */
  show(step: string, message?: string | undefined, percent?: number | undefined): void
  /** That step is over; without a duration it is not timed. */
  finish(step: string, durationMs?: number): void
  /** Something that stays on the screen, between steps. */
  say(line: string): void
  /** Nothing more to show; takes an unfinished line away. */
  close(): void
}

interface Screen {
  isTTY?: boolean | undefined
  columns?: number | undefined
  write(text: string): unknown
}

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
/** A step that takes less is told of once, when it is over. */
const LONG_MS = 1000
/** Least time between two lines about what a step does. */
const PAUSE_MS = 10_000
const silent = () => undefined

/** A live line on a terminal, plain lines elsewhere, nothing at all when quiet. */
export function openProgressView(screen: Screen, quiet: boolean): ProgressView {
  if (quiet) return { show: silent, finish: silent, say: silent, close: silent }
  return screen.isTTY ? openLiveView(screen) : openPlainView(screen)
}

function openLiveView(screen: Screen): ProgressView {
  const paint = openPaint(screen, process.env)
  let line: { text: string; since: number; step: string } | undefined
  let frame = 0
  const draw = () => {
    if (!line) return
    frame = (frame + 1) % SPINNER.length
    const seconds = Math.floor((Date.now() - line.since) / 1000)
    const text = `${SPINNER[frame]} ${line.text}${seconds > 0 ? ` (${seconds} s)` : ''}`
    screen.write(`\r\u001b[K${[...text].slice(0, (screen.columns || 80) - 1).join('')}`)
  }
  const clear = () => screen.write('\r\u001b[K')
  const timer = setInterval(draw, 100)
  timer.unref()
  return {
    show(step, message, percent) {
      const since = line?.step === step ? line.since : Date.now()
      line = { text: describe(step, message, percent), since, step }
      draw()
    },
    finish(step, durationMs) {
      line = undefined
      clear()
      const time = durationMs === undefined ? '' : `  ${paint('dim', formatDuration(durationMs))}`
      screen.write(`${paint('green', '✓')} ${visibleText(step)}${time}\n`)
    },
    say(text) {
      clear()
      screen.write(`${text}\n`)
      draw()
    },
    close() {
      clearInterval(timer)
      if (line) clear()
      line = undefined
    },
  }
}

// One line when a step has ended; while a long one goes on, its beginning, each tenth of it and now and then what it does: a log must show that something
// happens, not everything.
function openPlainView(screen: Screen): ProgressView {
  let step: string | undefined
  let tenth = 0
  let last = { text: '', atMs: 0 }
  let timer: NodeJS.Timeout | undefined
  const write = (text: string) => {
    last = { text, atMs: Date.now() }
    screen.write(text)
  }
  const forget = () => {
    clearTimeout(timer)
    step = undefined
  }
  return {
    show(next, message, percent) {
      const text = `${describe(next, message, percent)}…\n`
      const reached = Math.floor((percent ?? 0) / 10)
      if (next !== step) {
        forget()
        step = next
        last = { text: '', atMs: Date.now() }
        timer = setTimeout(() => write(text), LONG_MS).unref()
      } else if (reached > tenth || (text !== last.text && Date.now() - last.atMs > PAUSE_MS)) write(text)
      tenth = reached
    },
    finish(name, durationMs) {
      forget()
      screen.write(`${visibleText(name)}: done${durationMs === undefined ? '' : ` in ${formatDuration(durationMs)}`}\n`)
    },
    say(text) {
      screen.write(`${text}\n`)
    },
    close: forget,
  }
}

function describe(step: string, message?: string, percent?: number): string {
  const share = percent === undefined ? '' : ` ${Math.round(percent)} %`
  return visibleText(`${step}${share}${message ? `: ${message}` : ''}`)
}

/** Shows an operation each time it is seen: finished steps once, then the one that runs. */
export function followOperation(view: ProgressView): (operation: Operation) => void {
  let shown = 0
  return ({ steps, message, percent }) => {
    for (const step of steps.slice(shown)) {
      if (step.durationMs === undefined) break
      view.finish(step.name, step.durationMs)
      shown += 1
    }
    const running = steps[shown]
    if (running) view.show(running.name, message, percent)
  }
}
