import { useState } from 'react'
import type { CertificateState } from '../../../../model/certificate.js'
import type { SiteDomain } from '../../../../model/domain.js'
import type { Site } from '../../../../model/site.js'
import { translateServerText } from '../../../i18n/server-texts.js'
import { useWords } from '../../../i18n/use-words.js'
import { Icon } from '../../../parts/Icon.js'
import { CertificateDialog } from './CertificateDialog.js'

const SIGNED = { acme: 'certificate.public', local: 'certificate.local', own: 'certificate.own' } as const

interface Props {
  site: Site
  domain: SiteDomain
  certificate: CertificateState
}

/** Who signed a domain's certificate, what is still to come, and the way to another. */
export function CertificateLine({ site, domain, certificate }: Props) {
  const { t, language, date } = useWords()
  const [bringing, setBringing] = useState(false)
  const { issuer, state, validUntil, message, nextTryAt } = certificate
  const good = issuer !== 'local' && message === undefined
  return (
    <div className="certificate">
      <Icon name={good ? 'check-circle-fill' : 'exclamation-triangle'} />
      <span className="text-break">
        {t(SIGNED[issuer])}
        {validUntil !== undefined &&
          ` ${t(issuer === 'own' ? 'certificate.ends' : 'certificate.until', { when: date(validUntil) })}`}
        {state === 'ordered' && ` ${t('certificate.ordered')}`}
        {message !== undefined && ` ${translateServerText(message, language) ?? message}`}
        {nextTryAt !== undefined && ` ${t('certificate.next', { when: date(nextTryAt) })}`}{' '}
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => setBringing(true)}>
          {t('certificate.bring')}
        </button>
      </span>
      {bringing && (
        <CertificateDialog site={site} domain={domain} isOwn={issuer === 'own'} onClose={() => setBringing(false)} />
      )}
    </div>
  )
}
