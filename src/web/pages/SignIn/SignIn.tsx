import { useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { signIn } from '../../api/me.js'
import { useWords } from '../../i18n/use-words.js'
import { Field } from '../../parts/Field.js'
import { LanguageSwitch } from '../../parts/LanguageSwitch.js'
import { Mark } from '../../parts/Mark.js'
import { SignInError } from '../../parts/SignInError.js'
import { Spinner } from '../../parts/Spinner.js'
import { ThemeSwitch } from '../../parts/ThemeSwitch.js'
import { findReturn } from './find-return.js'
import { SampleAccounts } from './SampleAccounts.js'
import { Warnings } from './Warnings.js'

interface Missing {
  login: boolean
  password: boolean
}

/** Plain state: a form library would weigh on the first page of all. */
function useSignIn() {
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const [missing, setMissing] = useState<Missing>({ login: false, password: false })
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const submit = async (login: string, password: string) => {
    setError(undefined)
    setMissing({ login: login.trim() === '', password: password === '' })
    if (login.trim() === '' || password === '') return
    setBusy(true)
    try {
      await signIn(login.trim(), password)
      await navigate(findReturn(search.get('to')), { replace: true })
    } catch (reason) {
      setError(reason as Error)
      setBusy(false)
    }
  }
  return { submit, missing, error, busy }
}

function SignInForm() {
  const { t } = useWords()
  const { submit, missing, error, busy } = useSignIn()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const passwordRef = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (error) passwordRef.current?.select()
  }, [error])
  const use = (sampleLogin: string, samplePassword: string) => {
    setLogin(sampleLogin)
    setPassword(samplePassword)
    void submit(sampleLogin, samplePassword)
  }
  return (
    <>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit(login, password)
        }}
      >
        {error && <SignInError error={error} />}
        <Field
          label={t('signIn.login')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={login}
          error={missing.login ? t('signIn.loginMissing') : undefined}
          onChange={(event) => setLogin(event.target.value)}
        />
        <Field
          ref={passwordRef}
          label={t('signIn.password')}
          type="password"
          autoComplete="current-password"
          value={password}
          error={missing.password ? t('signIn.passwordMissing') : undefined}
          onChange={(event) => setPassword(event.target.value)}
        />
        <button type="submit" className="btn btn-primary btn-lg w-100" disabled={busy}>
          {busy && <Spinner />}
          {t('signIn.submit')}
        </button>
      </form>
      <SampleAccounts disabled={busy} onUse={use} />
    </>
  )
}

/** The first page. */
export function SignIn() {
  const { t } = useWords()
  useEffect(() => {
    document.title = `${t('signIn.title')} · Ruche`
  }, [t])
  return (
    <div className="sign-in">
      <header className="sign-in-tools">
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main className="sign-in-card">
        <div className="sign-in-brand">
          <Mark size={56} />
          <h1>Ruche</h1>
          <p>{t('signIn.subtitle')}</p>
        </div>
        <Warnings />
        <SignInForm />
      </main>
    </div>
  )
}
