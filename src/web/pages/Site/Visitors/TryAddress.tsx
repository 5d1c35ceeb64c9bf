import { useState } from 'react'
import { useFormContext } from 'react-hook-form'
import type { Foreseen } from '../../../../model/api/settings.js'
import type { SiteSettings } from '../../../../model/site-settings.js'
import { foresee } from '../../../api/site-settings.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { planSettings, type VisitorsForm } from './visitors-form.js'

/** Says what a visit would meet, with the form as it is now, saved or not. */
export function TryAddress({ settings }: { settings: SiteSettings }) {
  const { t } = useWords()
  const { name, url } = useSite()
  const { getValues } = useFormContext<VisitorsForm>()
  const [address, setAddress] = useState(url)
  const [met, setMet] = useState<Foreseen>()
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const look = async () => {
    setBusy(true)
    setError(undefined)
    setMet(undefined)
    await foresee(name, address.trim(), planSettings(settings, getValues())).then(setMet, setError)
    setBusy(false)
  }
  return (
    <>
      <div className="add-line">
        <Field
          label={t('visitors.tryAddress')}
          spellCheck={false}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          onKeyDown={(event) => {
            // Enter here tries the address; it does not save the form around it.
            if (event.key !== 'Enter') return
            event.preventDefault()
            void look()
          }}
        />
        <button type="button" className="btn btn-quiet" disabled={busy} onClick={() => void look()}>
          {busy && <Spinner />}
          {t('visitors.try')}
        </button>
      </div>
      <p role="status" className="mb-0">
        {met && t(`visitors.met.${met.what}`, { to: met.to ?? '', status: met.status ?? '' })}
      </p>
      {error && <ErrorNote error={error} />}
    </>
  )
}
