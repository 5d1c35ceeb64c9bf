import type { ReactNode } from 'react'
import { CopyButton } from '../../../parts/CopyButton.js'

/** One thing that must be known to get in. */
export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** One that can be copied. */
export function Copied({ label, text }: { label: string; text: string }) {
  return (
    <Row label={label}>
      <code className="text-break">{text}</code>
      <CopyButton text={text} what={label} />
    </Row>
  )
}
