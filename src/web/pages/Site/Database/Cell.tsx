import type { DatabaseCell } from '../../../../model/database.js'
import { visibleText } from '../../../../model/visible-text.js'
import { useWords } from '../../../i18n/use-words.js'

/** What of a value stands in a table; the rest is in its tooltip. */
const MOST_SHOWN = 200

/** Base64 as the hexadecimal digits that databases show. */
function toHex(binary: string): string {
  return [...atob(binary)].map((sign) => sign.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

function Cut({ text, isCut, size }: { text: string; isCut: boolean; size?: string }) {
  return (
    <>
      {visibleText(text.slice(0, MOST_SHOWN))}
      {(isCut || text.length > MOST_SHOWN) && '…'}
      {size && <span className="cell-kind">{size}</span>}
    </>
  )
}

/** One value: NULL, text and what is no text look different, and nothing of it is ever more than text. */
export function Cell({ value }: { value: DatabaseCell }) {
  const { t, bytes } = useWords()
  if (value === null) return <span className="cell-null">{t('database.null')}</span>
  if (typeof value === 'string')
    return (
      <span title={value.length > MOST_SHOWN ? visibleText(value) : undefined}>
        <Cut text={value} isCut={false} />
      </span>
    )
  if ('text' in value)
    return (
      <span title={visibleText(value.text)}>
        <Cut text={value.text} isCut size={t('database.cut', { size: bytes(value.sizeBytes) })} />
      </span>
    )
  const hex = toHex(value.binary)
  return (
    <span className="font-monospace">
      <Cut
        text={`0x${hex}`}
        isCut={hex.length < 2 * value.sizeBytes}
        size={t('database.binary', { size: bytes(value.sizeBytes) })}
      />
    </span>
  )
}
