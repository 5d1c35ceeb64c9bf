import type { Check, Sign } from '../../../model/doctor.js'
import { CHECKS } from '../../../model/doctor-checks.js'
import { useWords } from '../../i18n/use-words.js'
import { useCheckWords } from './use-check-words.js'

const TONES = {
  broken: 'state-failed',
  warning: 'state-doubtful',
  unknown: 'state-unknown',
  ok: 'state-running',
} as const

function SignLine({ sign: { what, found, wanted } }: { sign: Sign }) {
  const { t } = useWords()
  const say = useCheckWords()
  return (
    <li className="font-monospace text-break">
      {what}: {say(found)}
      {wanted !== undefined && ` (${t('doctor.should', { wanted: say(wanted) })})`}
    </li>
  )
}

/** One promise that does not hold, or at which nobody could look: what was seen, and what to do. */
export function CheckPanel({ check }: { check: Check }) {
  const { t } = useWords()
  const say = useCheckWords()
  const { promise, mend, area } = CHECKS[check.id]
  return (
    <section className="panel panel-body" aria-label={say(promise)}>
      <p className={`state ${TONES[check.level]}`}>
        <span className="state-dot" aria-hidden="true" />
        {t(`doctor.level.${check.level}`)} · {t(`doctor.area.${area}`)}
      </p>
      <h2>{say(promise)}</h2>
      {check.reason !== undefined && <p>{t('doctor.reason', { why: say(check.reason) })}</p>}
      {check.signs.length > 0 && (
        <ul>
          {check.signs.map((sign) => (
            <SignLine key={`${sign.what} ${sign.found}`} sign={sign} />
          ))}
          {check.more > 0 && <li>{t('doctor.more', { count: check.more })}</li>}
        </ul>
      )}
      {check.level !== 'unknown' && <p>{say(mend)}</p>}
      {check.command !== undefined && (
        <p>
          {t('doctor.command')} <code className="text-break">{check.command}</code>
        </p>
      )}
    </section>
  )
}
