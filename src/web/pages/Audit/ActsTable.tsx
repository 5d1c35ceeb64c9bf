import type { Act } from '../../../model/audit.js'
import { visibleText } from '../../../model/visible-text.js'
import { UNKNOWN, useWords } from '../../i18n/use-words.js'

/** How it ended: a code of an error is the same in every language. */
function Outcome({ outcome }: Pick<Act, 'outcome'>) {
  const { t } = useWords()
  if (outcome === undefined) return <span title={t('audit.notKnown')}>{UNKNOWN}</span>
  const isDone = outcome === 'done'
  return (
    <span className={`state ${isDone ? 'state-running' : 'state-failed'}`}>
      <span className="state-dot" aria-hidden="true" />
      {isDone ? t('operation.state.done') : visibleText(outcome)}
    </span>
  )
}

function ActRow({ act }: { act: Act }) {
  const { date } = useWords()
  const { time, actor, call, site, outcome, facts } = act
  const more = Object.entries(facts).map(([name, value]) => `${name} ${value}`)
  return (
    <tr>
      <td className="d-none d-md-table-cell text-nowrap">
        <time dateTime={time} title={visibleText(time)}>
          {date(time)}
        </time>
      </td>
      <td className="d-none d-md-table-cell text-break">{visibleText(actor)}</td>
      <td className="text-break">
        <span className="font-monospace">{visibleText(call)}</span>
        <span className="row-note d-md-none">
          {date(time)} · {visibleText(actor)}
        </span>
        {site !== undefined && <span className="row-note d-lg-none">{visibleText(site)}</span>}
        {more.length > 0 && <span className="row-note">{visibleText(more.join(' · '))}</span>}
      </td>
      <td className="d-none d-lg-table-cell text-break">{site === undefined ? UNKNOWN : visibleText(site)}</td>
      <td className="text-nowrap">
        <Outcome outcome={outcome} />
      </td>
    </tr>
  )
}

/** Acts, newest first. Whatever is written in them is shown as text. */
export function ActsTable({ acts }: { acts: Act[] }) {
  const { t } = useWords()
  return (
    <table className="table list acts">
      <caption className="visually-hidden">{t('audit.title')}</caption>
      <thead>
        <tr>
          <th scope="col" className="d-none d-md-table-cell">
            {t('audit.time')}
          </th>
          <th scope="col" className="d-none d-md-table-cell">
            {t('audit.who')}
          </th>
          <th scope="col">{t('audit.call')}</th>
          <th scope="col" className="d-none d-lg-table-cell">
            {t('audit.site')}
          </th>
          <th scope="col">{t('audit.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {acts.map((act) => (
          <ActRow key={`${act.time} ${act.id}`} act={act} />
        ))}
      </tbody>
    </table>
  )
}
