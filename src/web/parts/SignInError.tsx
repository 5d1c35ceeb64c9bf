import { ApiError } from '../api/api-error.js'
import { useWords } from '../i18n/use-words.js'
import { ErrorText } from './ErrorNote.js'
import { Icon } from './Icon.js'

type Cause = 'wrong' | 'directory' | 'tooMany' | 'other'

/** Why nobody could be signed in, as far as the answer tells. */
export function findSignInCause(error: Error): Cause {
  if (!(error instanceof ApiError) || error.network) return 'other'
  if (error.code === 'unauthenticated' || error.code === 'invalid') return 'wrong'
  if (error.status === 429 || error.code === 'busy') return 'tooMany'
  if (['unavailable', 'timed_out', 'host_failed'].includes(error.code)) return 'directory'
  return 'other'
}

/** A refused sign-in in plain words. */
export function SignInError({ error }: { error: Error }) {
  const { t } = useWords()
  const cause = findSignInCause(error)
  return (
    <div className="note note-error" role="alert">
      <Icon name="exclamation-circle-fill" />
      <div>
        {cause === 'other' ? (
          <ErrorText error={error} />
        ) : (
          <>
            <p className="fw-semibold mb-1">{t(`signIn.${cause}`)}</p>
            <p className="mb-0">{t(`signIn.${cause}Hint`)}</p>
          </>
        )}
      </div>
    </div>
  )
}
