import { type PointerEvent, useState } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { findLast, findTop, HEIGHT, planPath, type Series, WIDTH } from './plan-chart.js'

export interface ChartProps {
  title: string
  series: Series[]
  limit?: number
  format: (value: number | undefined) => string
  /** When the first value is of, and how long each is. */
  fromMs: number
  stepMs: number
  /** The scale always reaches up to the limit: to see how near it is, rather than how the values differ. */
  toLimit?: boolean
}

/** A small chart: lines over time, the limit as another, and under the pointer the figures of that moment. */
export function Chart({ title, series, limit, format, fromMs, stepMs, toLimit = false }: ChartProps) {
  const { t, date } = useWords()
  const [at, setAt] = useState<number>()
  const count = series[0]?.values.length ?? 0
  const top = findTop(series, limit, toLimit)
  const isEmpty = series.every(({ values }) => findLast(values) === undefined)
  const point = ({ clientX, currentTarget }: PointerEvent<SVGSVGElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    setAt(Math.max(0, Math.min(count - 1, Math.round(((clientX - left) / width) * (count - 1)))))
  }
  const shown = (values: Series['values']) => format((at === undefined ? findLast(values) : values[at]) ?? undefined)
  const most = format(Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))))
  const summary = t('graphs.summary', { what: title, now: shown(series[0]?.values ?? []), most })
  const x = at === undefined ? 0 : (at / Math.max(1, count - 1)) * WIDTH
  return (
    <figure className="panel chart">
      <figcaption>
        <h2>{title}</h2>
        <span className="chart-figures">
          {at !== undefined && <span>{date(new Date(fromMs + at * stepMs).toISOString())}</span>}
          {series.map(({ label, tone, values }) => (
            <span key={label}>
              <span className={`chart-key ${tone}`} aria-hidden="true" />
              {series.length > 1 && `${label} `}
              {shown(values)}
            </span>
          ))}
          {limit !== undefined && <span>{t('graphs.limit', { limit: format(limit) })}</span>}
        </span>
      </figcaption>
      {isEmpty ? (
        <p className="text-body-secondary small mb-0">{t('graphs.nothing')}</p>
      ) : (
        <svg
          role="img"
          aria-label={summary}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          onPointerMove={point}
          onPointerLeave={() => setAt(undefined)}
        >
          <line className="chart-ground" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
          {limit !== undefined && limit <= top && (
            <line
              className="chart-limit"
              x1="0"
              x2={WIDTH}
              y1={HEIGHT - (limit / top) * HEIGHT}
              y2={HEIGHT - (limit / top) * HEIGHT}
            />
          )}
          {series.map(({ label, tone, values }) => (
            <path key={label} className={`chart-line ${tone}`} d={planPath(values, top)} />
          ))}
          {at !== undefined && <line className="chart-cursor" x1={x} x2={x} y1="0" y2={HEIGHT} />}
        </svg>
      )}
    </figure>
  )
}
