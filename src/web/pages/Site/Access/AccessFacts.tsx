import { CopyButton } from '../../../parts/CopyButton.js'
import { Fact } from '../../../parts/Fact.js'

/** One thing that must be known to get in, to be copied. */
export function Copied({ label, text }: { label: string; text: string }) {
  return (
    <Fact label={label}>
      <code className="text-break">{text}</code>
      <CopyButton text={text} what={label} />
    </Fact>
  )
}
