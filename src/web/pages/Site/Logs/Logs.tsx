import { useDeferredValue, useState } from 'react'
import { LOG_LEVELS, type LogEntry, type LogFilter, type LogLevel } from '../../../../model/site-log.js'
import { visibleText } from '../../../../model/visible-text.js'
import { fetchLogs, useFollowedLog } from '../../../api/logs.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { SearchField } from '../../../parts/SearchField.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { LogLines } from './LogLines.js'

const FIRST_SOURCES = ['life', 'visits', 'console']

interface FilterProps {
  level: LogLevel
  source: string
  sources: string[]
  search: string
  onLevel: (level: LogLevel) => void
  onSource: (source: string) => void
  onSearch: (text: string) => void
}

function Filters({ level, source, sources, search, onLevel, onSource, onSearch }: FilterProps) {
  const { t } = useWords()
  const nameOf = (one: string) => {
    if (one === 'life' || one === 'visits' || one === 'console') return t(`logs.sources.${one}`)
    return visibleText(one)
  }
  return (
    <>
      <select
        className="form-select"
        aria-label={t('logs.level')}
        value={level}
        onChange={(event) => onLevel(event.target.value as LogLevel)}
      >
        {LOG_LEVELS.map((one) => (
          <option key={one} value={one}>
            {t(`logs.levels.${one}`)}
          </option>
        ))}
      </select>
      <select
        className="form-select"
        aria-label={t('logs.source')}
        value={source}
        onChange={(event) => onSource(event.target.value)}
      >
        <option value="">{t('logs.allSources')}</option>
        {sources.map((one) => (
          <option key={one} value={one}>
            {nameOf(one)}
          </option>
        ))}
      </select>
      <SearchField label={t('logs.search')} value={search} onChange={onSearch} />
    </>
  )
}

function keepAsFile(name: string, lines: LogEntry[]): void {
  const text = lines.map(({ at = '-', source, level, text: words }) => `${at} ${source} ${level} ${words}\n`).join('')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = `${name}.log`
  link.click()
  URL.revokeObjectURL(link.href)
}

/** What the site, its services and its visitors did, in one order, as it happens. */
export function Logs() {
  const { t } = useWords()
  const { name } = useSite()
  const [level, setLevel] = useState<LogLevel>('info')
  const [source, setSource] = useState('')
  const [search, setSearch] = useState('')
  const [follows, setFollows] = useState(true)
  const text = useDeferredValue(search)
  const filter: LogFilter = { level, ...(source && { sources: source }), ...(text && { text }) }
  const { lines, error, isCut } = useFollowedLog(name, filter)
  const [seen, setSeen] = useState<string[]>(FIRST_SOURCES)
  const added = [...new Set(lines?.map((line) => line.source))].filter((one) => !seen.includes(one))
  if (added.length > 0) setSeen([...seen, ...added])
  return (
    <section className="panel" aria-labelledby="logs-title">
      <header className="log-tools">
        <h2 id="logs-title" className="visually-hidden">
          {t('logs.title')}
        </h2>
        <Filters
          {...{ level, source, search, sources: seen }}
          onLevel={setLevel}
          onSource={setSource}
          onSearch={setSearch}
        />
        <button type="button" className="btn btn-quiet" aria-pressed={follows} onClick={() => setFollows(!follows)}>
          <Icon name={follows ? 'check2' : 'arrow-down'} size={14} />
          {t(follows ? 'logs.following' : 'logs.follow')}
        </button>
        <button
          type="button"
          className="btn btn-quiet"
          onClick={() => void fetchLogs(name, filter).then((all) => keepAsFile(name, all))}
        >
          {t('logs.download')}
        </button>
      </header>
      {isCut && lines && (
        <p className="log-cut" role="status">
          {t('logs.cut')}
        </p>
      )}
      {error && <ErrorNote error={error} />}
      {!lines && !error && <Spinner label={t('general.loading')} />}
      {lines?.length === 0 && <p className="log-cut">{t('logs.none')}</p>}
      {lines && lines.length > 0 && <LogLines lines={lines} follows={follows} onFollow={setFollows} />}
    </section>
  )
}
