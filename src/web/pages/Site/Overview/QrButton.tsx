import { lazy, Suspense, useState } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { shortAddress } from '../../../parts/Address.js'
import { CopyButton } from '../../../parts/CopyButton.js'
import { Dialog } from '../../../parts/Dialog.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'

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
        <Icon name="qr-code" size={14} />
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
