import { CopyButton } from './CopyButton.js'

/** What is to be typed elsewhere, line by line, to be copied. `what` says which it is. */
export function Command({ text, what }: { text: string; what: string }) {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  )
}
