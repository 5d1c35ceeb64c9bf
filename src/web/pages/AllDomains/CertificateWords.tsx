import type { CertificateState } from '../../../model/certificate.js'
import { visibleText } from '../../../model/visible-text.js'
import { translateServerText } from '../../i18n/server-texts.js'
import { useWords } from '../../i18n/use-words.js'
import { isBadCertificate } from './judge-name.js'

/** Until when a certificate is valid, who signed it, and what is in the way of a better one. */
export function CertificateWords({ certificate }: { certificate: CertificateState }) {
  const { t, date, day, language } = useWords()
  const { issuer, state, validUntil, message, nextTryAt } = certificate
  const bad = isBadCertificate(certificate, Date.now()) ? 'text-bad' : ''
  return (
    <>
      <span className={`text-nowrap ${bad}`}>
        {validUntil === undefined ? t(`allNames.certificate.${state}`) : day(validUntil)}
      </span>
      <span className="row-note">{t(`allNames.issuer.${issuer}`)}</span>
      {message !== undefined && (
        <span className={`row-note ${bad}`}>
          {visibleText(translateServerText(message, language) ?? message)}
          {nextTryAt !== undefined && ` ${t('allNames.next', { when: date(nextTryAt) })}`}
        </span>
      )}
    </>
  )
}
