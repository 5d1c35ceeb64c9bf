import { useState } from 'react'
import type { SiteDomain } from '../../../../model/domain.js'
import type { Site } from '../../../../model/site.js'
import { setCertificate } from '../../../api/domains.js'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { DialogFooter } from '../../../parts/DialogFooter.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { TextField } from '../../../parts/fields.js'

/** How a text of PEM is typed or pasted. */
const PEM = { className: 'font-monospace', rows: 5, spellCheck: false, autoComplete: 'off', required: true }

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
          <TextField
            {...PEM}
            label={t('certificate.chain')}
            hint={t('certificate.chainHint')}
            value={chain}
            onChange={(event) => setChain(event.target.value)}
          />
          <TextField
            {...PEM}
            label={t('certificate.key')}
            hint={t('certificate.keyHint')}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
          {error && <ErrorNote error={error} />}
        </div>
        <DialogFooter action={t('certificate.use')} busy={busy} onClose={onClose}>
          {isOwn && (
            <button type="button" className="btn btn-quiet me-auto" disabled={busy} onClick={() => void change()}>
              {t('certificate.forget')}
            </button>
          )}
        </DialogFooter>
      </form>
    </Dialog>
  )
}
