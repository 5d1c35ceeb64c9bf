import { lazy, Suspense, useEffect, useState } from 'react'
import { meQuery } from '../../api/me.js'
import { queryClient } from '../../api/query-client.js'
import { needWords } from '../../i18n/i18n.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'

const Palette = lazy(async () => {
  const administers = queryClient.getQueryData(meQuery.queryKey)?.administrator
  const words = administers ? needWords('later', 'administration') : needWords('later')
  const [{ Palette }] = await Promise.all([import('../Palette/Palette.js'), words])
  return { default: Palette }
})

const isMac = navigator.platform.startsWith('Mac')

/** Ctrl+K, on a Mac ⌘K. A terminal keeps its own keys, and a dialog that waits for an answer is not covered. */
function isShortcut(event: KeyboardEvent): boolean {
  if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey)) return false
  if (event.altKey || event.shiftKey || document.querySelector('dialog[open]')) return false
  return !(event.target instanceof Element && event.target.closest('.xterm'))
}

/** Opens the palette, which is loaded then; shows the keys that do the same from anywhere. */
export function PaletteButton() {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!isShortcut(event)) return
      event.preventDefault()
      setOpen(true)
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])
  return (
    <>
      <button
        type="button"
        className="palette-button"
        aria-label={t('nav.find')}
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
        onClick={() => setOpen(true)}
      >
        <Icon name="search" size={14} />
        <kbd>{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      {open && (
        <Suspense fallback={null}>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
