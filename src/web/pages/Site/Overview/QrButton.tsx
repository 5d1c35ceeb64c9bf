import { lazy, Suspense, useState } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { shortAddress } from '../../../parts/Address.js'
import { CopyButton } from '../../../parts/CopyButton.js'
import { Dialog } from '../../../parts/Dialog.js'
import { Spinner } from '../../../parts/Spinner.js'

/** Three corners as a QR code has them, and some of its squares; here and not among the icons, which everybody loads first. */
const CORNERS =
  'M0 0h6v6H0zM1.5 1.5v3h3v-3zM10 0h6v6h-6zM11.5 1.5v3h3v-3zM0 10h6v6H0zM1.5 11.5v3h3v-3zM8 8h2v2H8zM12 8h2v2h-2zM10 10h2v2h-2zM14 10h2v2h-2zM8 12h2v2H8zM12 12h2v2h-2zM10 14h2v2h-2zM14 14h2v2h-2z'

const QrCode = lazy(async () => ({ default: (await import('./QrCode.js')).QrCode }))

/** Shows an address so that a telephone can read it from the screen. */
export function QrButton({ url }: { url: string }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const address = shortAddress(url)
  const label = t('overview.qr', { address })
  return (
    <>
      <button type="button" className="icon-button" title={label} aria-label={label} onClick={() => setOpen(true)}>
        <svg className="icon" width={14} height={14} viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
          <path fillRule="evenodd" d={CORNERS} />
        </svg>
      </button>
      {open && (
        <Dialog title={address} onClose={() => setOpen(false)}>
          <div className="dialog-body qr-body">
            <Suspense fallback={<Spinner label={t('general.loading')} />}>
              <QrCode text={url} label={label} />
            </Suspense>
            <p className="mb-0">
              {t('overview.qrText')} <CopyButton text={url} what={t('site.address')} />
            </p>
          </div>
        </Dialog>
      )}
    </>
  )
}
