import { useEffect, useState } from 'react'
import { useWords } from '../i18n/use-words.js'
import { Icon } from './Icon.js'

/** Puts a text on the clipboard. `what` says which, for screen readers and as a tooltip. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { t } = useWords()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = window.setTimeout(() => setCopied(false), 2_000)
    return () => window.clearTimeout(timer)
  }, [copied])
  const label = copied ? t('action.copied') : t('action.copyWhat', { what })
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <button
      type="button"
      className={copied ? 'icon-button text-ok' : 'icon-button'}
      title={label}
      aria-label={label}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'check2' : 'copy'} size={14} />
    </button>
  )
}
