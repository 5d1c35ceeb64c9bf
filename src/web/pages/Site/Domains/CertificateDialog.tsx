import { useId, useState } from 'react'
import type { SiteDomain } from '../../../../model/domain.js'
import type { Site } from '../../../../model/site.js'
import { setCertificate } from '../../../api/domains.js'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'

interface PemProps {
  label: string
  hint: string
  value: string
  onChange: (text: string) => void
}

function PemField({ label, hint, value, onChange }: PemProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        className="form-control font-monospace"
        rows={5}
        spellCheck={false}
        autoComplete="off"
        required
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className="form-text mb-0">
        {hint}
      </p>
    </div>
  )
}

interface Props {
  site: Site
  domain: SiteDomain
  /** One of their own is served now. */
  isOwn: boolean
  onClose: () => void
}

/** Takes a certificate with its key for a domain, or gives the domain back to the platform's care. */
export function CertificateDialog({ site, domain, isOwn, onClose }: Props) {
  const { t } = useWords()
  const [chain, setChain] = useState('')
  const [key, setKey] = useState('')
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const change = async (certificate?: { chain: string; key: string }) => {
    setBusy(true)
    setError(undefined)
    await setCertificate(site.name, domain.name, certificate).then(onClose, setError)
    setBusy(false)
  }
  return (
    <Dialog title={t('certificate.title', { domain: domain.title })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void change({ chain, key })
        }}
      >
        <div className="dialog-body">
          <p>{t('certificate.text')}</p>
          <PemField
            label={t('certificate.chain')}
            hint={t('certificate.chainHint')}
            value={chain}
            onChange={setChain}
          />
          <PemField label={t('certificate.key')} hint={t('certificate.keyHint')} value={key} onChange={setKey} />
          {error && <ErrorNote error={error} />}
        </div>
        <footer className="dialog-footer">
          {isOwn && (
            <button type="button" className="btn btn-quiet me-auto" disabled={busy} onClick={() => void change()}>
              {t('certificate.forget')}
            </button>
          )}
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="btn btn-primary" disabled={busy}>
            {busy && <Spinner />}
            {t('certificate.use')}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
