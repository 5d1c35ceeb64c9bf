import { useWords } from '../i18n/use-words.js'

interface Props {
  label: string
  used: number | undefined
  limit: number
  /** Writes a quantity of this kind; unknown becomes “–”. */
  format: (value: number | undefined) => string
  /** Only the bar and its figures, for table cells: the label is for screen readers. */
  compact?: boolean
  /** Whether nearing the limit is a matter of concern. */
  tones?: boolean
}

const WARN = 0.8
const ALARM = 0.95

function findTone(share = 0): string {
  if (share >= ALARM) return 'meter-alarm'
  return share >= WARN ? 'meter-warn' : ''
}

/** Used against limit as a bar with figures. Turns amber, then red, as the limit nears. */
export function Meter({ label, used, limit, format, compact = false, tones = true }: Props) {
  const { t } = useWords()
  const share = used === undefined || limit <= 0 ? undefined : Math.min(1, used / limit)
  const tone = tones ? findTone(share) : ''
  const text = t('usage.of', { used: format(used), limit: format(limit) })
  return (
    <div className={`meter ${tone} ${compact ? 'meter-compact' : ''}`}>
      <div className="meter-text">
        <span className={compact ? 'visually-hidden' : 'meter-label'}>{label}</span>
        <span className="meter-figures">{text}</span>
      </div>
      <div className="meter-track" aria-hidden="true">
        <div className="meter-fill" style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
    </div>
  )
}
