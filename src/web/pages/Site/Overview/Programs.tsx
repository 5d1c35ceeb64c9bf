import { useQuery } from '@tanstack/react-query'
import type { CronLine, SiteProgram, SitePrograms } from '../../../../model/site-programs.js'
import { programsQuery } from '../../../api/programs.js'
import { useWords } from '../../../i18n/use-words.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useNow } from '../../../parts/use-now.js'
import { useSite } from '../use-site.js'
import { ProgramTroubles, useEndWords } from './ProgramTroubles.js'

function ProgramRow({ program }: { program: SiteProgram }) {
  const { t, ago } = useWords()
  const { name, command, state, since } = program
  return (
    <li>
      <span className="flex-grow-1 text-break">
        {name}
        <span className={command === undefined ? 'row-note' : 'row-note font-monospace'}>
          {command ?? t('programs.usual')}
        </span>
      </span>
      <span className="text-end">
        {t(`programs.state.${state}`)}
        <span className="row-note">{state === 'running' && t('programs.started', { ago: ago(since) })}</span>
      </span>
    </li>
  )
}

function CronRow({ line }: { line: CronLine }) {
  const { t, ago, date } = useWords()
  const endWords = useEndWords()
  const last = line.lastEnd
  return (
    <li>
      <span className="flex-grow-1 text-break font-monospace">
        {line.times}
        <span className="row-note">{line.command}</span>
      </span>
      <span className="text-end">
        {t('programs.next', { time: date(line.nextAt) })}
        <span className="row-note">
          {last && (last.code === 0 ? t('programs.ran', { ago: ago(last.at) }) : endWords(last))}
        </span>
      </span>
    </li>
  )
}

function ProgramPanel({ programs: { installing, programs, cron } }: { programs: SitePrograms }) {
  const { t } = useWords()
  if (!installing && programs.length + cron.length === 0) return null
  return (
    <section className="panel panel-body" aria-labelledby="programs-title">
      <h2 id="programs-title">{t('programs.title')}</h2>
      {installing && (
        <p>
          <Spinner /> {t('programs.installing')}
        </p>
      )}
      <ul className="item-list">
        {programs.map((program) => (
          <ProgramRow key={program.name} program={program} />
        ))}
        {cron.map((line) => (
          <CronRow key={line.line} line={line} />
        ))}
      </ul>
    </section>
  )
}

/** The owner's own programs: which run, what ended and why, and when timed commands are due. Nothing where there are none. */
export function Programs() {
  const { name } = useSite()
  useNow(15_000)
  // What cannot be told here is told elsewhere: that the site does not answer.
  const { data } = useQuery(programsQuery(name))
  if (!data) return null
  return (
    <>
      <ProgramTroubles programs={data} />
      <ProgramPanel programs={data} />
    </>
  )
}
