import { useState } from 'react'
import { signIn, useMe } from '../../api/me.js'
import { queryClient } from '../../api/query-client.js'
import { sessionIsBack } from '../../api/session.js'
import { useWords } from '../../i18n/use-words.js'
import { reconnectLive } from '../../live.js'
import { Dialog } from '../../parts/Dialog.js'
import { Field } from '../../parts/Field.js'
import { SignInError } from '../../parts/SignInError.js'
import { Spinner } from '../../parts/Spinner.js'

function goOn(): void {
  sessionIsBack()
  reconnectLive()
  void queryClient.invalidateQueries()
}

/** Asks for the password again, over the page as it stands. */
export function SignInAgain() {
  const { t } = useWords()
  const { login, name } = useMe()
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    await signIn(login, password).then(goOn, setError)
    setBusy(false)
  }
  return (
    <Dialog title={t('signIn.againTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="dialog-body">
          <p>{t('signIn.againText', { name })}</p>
          {error && <SignInError error={error} />}
          <Field label={t('signIn.login')} autoComplete="username" value={login} readOnly />
          <Field
            label={t('signIn.password')}
            type="password"
            autoComplete="current-password"
            data-autofocus
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </div>
        <footer className="dialog-footer">
          <a className="me-auto" href="/sign-in">
            {t('signIn.other')}
          </a>
          <button type="submit" className="btn btn-primary" disabled={busy}>
            {busy && <Spinner />}
            {t('signIn.submit')}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
