import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { findCrashed, type ProgramEnd, type SiteProgram, type SitePrograms } from '../../../../model/site-programs.js'
import { programLinesQuery } from '../../../api/programs.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { useNow } from '../../../parts/use-now.js'
import { useSite } from '../use-site.js'

/** How a program ended, in words. */
export function useEndWords() {
  const { t, ago } = useWords()
  return ({ code, signal, at }: ProgramEnd): string =>
    signal === undefined
      ? t('programs.endedCode', { code: code ?? 0, ago: ago(at) })
      : t('programs.endedSignal', { signal, ago: ago(at) })
}

function LastLines({ at }: { at: string }) {
  const { t } = useWords()
  const { name } = useSite()
  const { data, error } = useQuery(programLinesQuery(name, at))
  if (error) return <ErrorNote error={error} />
  if (!data || data.length === 0) return null
  return (
    <textarea
      className="log"
      readOnly
      rows={Math.min(8, data.length)}
      wrap="off"
      aria-label={t('programs.lastLines')}
      value={data.join('\n')}
      // The newest line is the one that tells why.
      ref={(area) => area?.scrollTo(0, area.scrollHeight)}
    />
  )
}

function Trouble({ title, children, at, bad }: { title: string; children?: ReactNode; at: string; bad: boolean }) {
  return (
    <div className={`note ${bad ? 'note-error' : 'note-warn'}`} role="status">
      <Icon name="exclamation-triangle" />
      <div className="flex-grow-1">
        <p className="fw-semibold mb-1">{title}</p>
        {children}
        <LastLines at={at} />
      </div>
    </div>
  )
}

function Crash({ program }: { program: SiteProgram }) {
  const { t, date } = useWords()
  const endWords = useEndWords()
  const { name, state, crashes, lastEnd, againAt } = program
  if (!lastEnd) return null
  const which = state === 'running' ? 'recovered' : crashes > 1 ? 'endsAtOnce' : 'ended'
  return (
    <Trouble title={t(`programs.${which}`, { name })} at={lastEnd.at} bad={which === 'endsAtOnce'}>
      <p className="mb-1">
        {endWords(lastEnd)}
        {againAt && ` ${t('programs.again', { time: date(againAt) })}`}
      </p>
    </Trouble>
  )
}

/** What of the site's own programs does not run as it should, with its last words. */
export function ProgramTroubles({ programs }: { programs: SitePrograms }) {
  const { t } = useWords()
  const now = useNow(15_000)
  return (
    <>
      {programs.installFailed !== undefined && (
        <Trouble
          title={t('programs.installFailed', { code: programs.installFailed })}
          at={`installation ${programs.installFailed}`}
          bad
        />
      )}
      {findCrashed(programs, now).map((program) => (
        <Crash key={program.name} program={program} />
      ))}
    </>
  )
}
