import { useQuery } from '@tanstack/react-query'
import { welcomeQuery } from '../../api/welcome.js'
import { translateServerText } from '../../i18n/server-texts.js'
import { useWords } from '../../i18n/use-words.js'

interface Props {
  disabled: boolean
  onUse: (login: string, password: string) => void
}

/** In a demonstration: accounts to try. In production the server names none and this is not shown. */
export function SampleAccounts({ disabled, onUse }: Props) {
  const { t, language } = useWords()
  const { data } = useQuery(welcomeQuery)
  if (!data || data.sampleAccounts.length === 0) return null
  return (
    <section className="samples">
      <h2>{t('signIn.samples')}</h2>
      <table className="table">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('signIn.login')}</th>
            <th scope="col">{t('signIn.password')}</th>
            <th scope="col">{t('signIn.use')}</th>
          </tr>
        </thead>
        <tbody>
          {data.sampleAccounts.map(({ login, password, role }) => (
            <tr key={login}>
              <td>
                <span className="fw-semibold">{login}</span>
                <span className="d-block small text-body-secondary">{translateServerText(role, language) ?? role}</span>
              </td>
              <td>
                <code>{password}</code>
              </td>
              <td className="text-end">
                <button
                  type="button"
                  className="btn btn-sm btn-quiet"
                  disabled={disabled}
                  aria-label={t('signIn.useWhich', { login })}
                  onClick={() => onUse(login, password)}
                >
                  {t('signIn.use')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
