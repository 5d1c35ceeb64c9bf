import { useQuery } from '@tanstack/react-query'
import type { Site } from '../../model/site.js'
import { operationsQuery } from '../api/operations.js'
import { useStepWords } from '../i18n/use-step-words.js'
import { StateDot } from './StateDot.js'

/** State in a dot and a word and, while something is done to the site, the step it is at. */
export function SiteState({ site }: { site: Site }) {
  const stepWords = useStepWords()
  const { data } = useQuery(operationsQuery)
  const operation = data?.find(({ id, state }) => id === site.operation && state === 'running')
  const step = operation?.steps.findLast(({ durationMs }) => durationMs === undefined)
  return (
    <>
      <StateDot state={site.state} />
      {step && <span className="row-note">{stepWords(step.name)}…</span>}
      {site.state === 'failed' && site.reason && <span className="row-note text-bad">{site.reason}</span>}
    </>
  )
}
