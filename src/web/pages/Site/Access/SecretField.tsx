import { useState } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { CopyButton } from '../../../parts/CopyButton.js'
import { Icon } from '../../../parts/Icon.js'

/** A password: hidden until it is asked for, copied without being shown. */
export function SecretField({ secret, what }: { secret: string; what: string }) {
  const { t } = useWords()
  const [shown, setShown] = useState(false)
  return (
    <span className="secret">
      <code className={shown ? 'user-select-all text-break' : ''}>
        {shown ? (
          secret
        ) : (
          <>
            <span className="visually-hidden">{t('access.hidden')}</span>
            <span aria-hidden="true">••••••••••••</span>
          </>
        )}
      </code>
      <button
        type="button"
        className="icon-button"
        aria-pressed={shown}
        aria-label={t('access.show', { what })}
        title={t('access.show', { what })}
        onClick={() => setShown(!shown)}
      >
        <Icon name={shown ? 'eye-slash' : 'eye'} size={15} />
      </button>
      <CopyButton text={secret} what={what} />
    </span>
  )
}
