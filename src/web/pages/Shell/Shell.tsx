import { useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useRef } from 'react'
import { Navigate, Outlet, useLocation, useNavigationType } from 'react-router'
import { ApiError } from '../../api/api-error.js'
import { meQuery } from '../../api/me.js'
import { askToSignInAgain, useSignInAsked } from '../../api/session.js'
import { useWords } from '../../i18n/use-words.js'
import { startLive } from '../../live.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { OperationWatcher } from '../../parts/OperationWatcher.js'
import { Spinner } from '../../parts/Spinner.js'
import { Toasts } from '../../parts/Toasts.js'
import { isAnythingUnsaved } from '../../unsaved.js'
import { PageBoundary } from '../PageBoundary.js'
import { AnnouncementBanner } from './AnnouncementBanner.js'
import { LiveBanner } from './LiveBanner.js'
import { SignInAgain } from './SignInAgain.js'
import { TopBar } from './TopBar.js'

function useOnePerson(login: string | undefined): void {
  const first = useRef(login)
  useEffect(() => {
    first.current ??= login
    // Somebody else signed in in another tab: nothing of the first person may stay on the screen.
    if (login !== first.current) window.location.assign('/sites')
  }, [login])
}

/** A new page begins at its top; going back returns to where one was, which is the browser's own doing. */
function useTopOfPage(): void {
  const { pathname } = useLocation()
  const type = useNavigationType()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current !== pathname && type !== 'POP') window.scrollTo(0, 0)
    shown.current = pathname
  }, [pathname, type])
}

/** The browser asks before a tab with something unsaved is closed. */
function useUnsavedWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (isAnythingUnsaved()) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [])
}

function Frame() {
  const { t } = useWords()
  const asked = useSignInAsked()
  useEffect(startLive, [])
  useTopOfPage()
  useUnsavedWarning()
  return (
    <>
      <a className="skip-link" href="#page">
        {t('nav.skip')}
      </a>
      <TopBar />
      <LiveBanner />
      <AnnouncementBanner />
      <main id="page" className="page">
        <PageBoundary>
          <Suspense fallback={<Spinner label={t('general.loading')} />}>
            <Outlet />
          </Suspense>
        </PageBoundary>
      </main>
      <Toasts />
      <OperationWatcher />
      {asked && <SignInAgain />}
    </>
  )
}

/** Everything behind the sign-in. Without a session it leads to the sign-in page, which leads back. */
export function Shell() {
  const { t } = useWords()
  const { data: me, error, refetch } = useQuery(meQuery)
  const { pathname, search } = useLocation()
  const ended = error instanceof ApiError && error.code === 'unauthenticated'
  useOnePerson(me?.login)
  useEffect(() => {
    // The session ended while somebody is at work: what is on the page stays there.
    if (me && ended) void askToSignInAgain()
  }, [me, ended])
  if (me) return <Frame />
  if (ended) return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />
  return (
    <main className="splash">
      {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />}
    </main>
  )
}
