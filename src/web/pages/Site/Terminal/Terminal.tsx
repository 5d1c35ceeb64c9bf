import { lazy, Suspense, useState } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { EmptyState } from '../../../parts/EmptyState.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import type { Ending } from './open-connection.js'

const Screen = lazy(async () => ({ default: (await import('./Screen.js')).Screen }))

/** A shell in the site, which wakes for it when it sleeps. It ends with the page. */
export function Terminal() {
  const { t } = useWords()
  const site = useSite()
  const [round, setRound] = useState(1)
  const [ending, setEnding] = useState<Ending>()
  const again = () => {
    setEnding(undefined)
    setRound(round + 1)
  }
  // Open once, it stays on the page while the site wakes or ends.
  const [wasUp, setWasUp] = useState(false)
  const isUp = site.state === 'running' || site.state === 'asleep'
  if (isUp && !wasUp) setWasUp(true)
  if (!isUp && !wasUp)
    return (
      <EmptyState title={t('terminal.stoppedTitle')}>
        <p>{t('terminal.stoppedText')}</p>
      </EmptyState>
    )
  return (
    <section className="panel terminal" aria-label={t('terminal.title')}>
      <header className="terminal-bar">
        <Icon name="terminal" />
        <h2>site@{site.name}</h2>
        <p>{t('terminal.text')}</p>
        <button type="button" className="btn btn-sm btn-quiet" disabled={!ending} onClick={again}>
          <Icon name="arrow-clockwise" size={13} />
          {t('terminal.again')}
        </button>
      </header>
      <Suspense fallback={<Spinner label={t('general.loading')} />}>
        <Screen key={round} site={site.name} onEnd={setEnding} />
      </Suspense>
      {ending && (
        <footer className="terminal-end" role="status">
          {'error' in ending ? (
            <ErrorNote error={ending.error} onRetry={again} />
          ) : (
            t('terminal.ended', { code: ending.exitCode })
          )}
        </footer>
      )}
    </section>
  )
}
