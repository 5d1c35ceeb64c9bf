import { useState } from 'react'
import type { Site } from '../../../model/site.js'
import { destroySite, powerSite } from '../../api/power.js'
import { useWords } from '../../i18n/use-words.js'
import { ConfirmDialog } from '../../parts/ConfirmDialog.js'
import { Icon, type IconName } from '../../parts/Icon.js'
import { showToast } from '../../parts/toasts.js'

type Asked = 'restart' | 'stop' | 'destroy'
type Action = 'start' | Asked

const ACTIONS = [
  ['start', 'play-fill'],
  ['restart', 'arrow-clockwise'],
  ['stop', 'stop-fill'],
  ['destroy', 'trash3'],
] as const satisfies readonly (readonly [Action, IconName])[]

const act = (name: string, action: Action) => (action === 'destroy' ? destroySite(name) : powerSite(name, action))

interface Props {
  selected: Site[]
  /** Called with the sites for which it was refused: they stay selected. */
  onDone: (refused: string[]) => void
}

function useBulk({ selected, onDone }: Props) {
  const { t } = useWords()
  return async (action: Action) => {
    // Each its own operation: one that is refused does not hold up the others.
    const results = await Promise.allSettled(selected.map(({ name }) => act(name, action)))
    const refused = selected.map(({ name }) => name).filter((_, index) => results[index]?.status === 'rejected')
    const first = results.find((result) => result.status === 'rejected')
    if (first)
      showToast({
        kind: 'error',
        title: t('bulk.refused', { count: refused.length, names: refused.join(', ') }),
        error: first.reason as Error,
      })
    onDone(refused)
  }
}

/** What can be done with the selected containers. Stands where the page's own actions were. */
export function BulkBar(props: Props) {
  const { t } = useWords()
  const { selected, onDone } = props
  const [asking, setAsking] = useState<Asked>()
  const bulk = useBulk(props)
  const count = selected.length
  return (
    <section className="bulk-bar" aria-label={t('bulk.label')}>
      <p role="status">{t('bulk.selected', { count })}</p>
      {ACTIONS.map(([action, icon]) => (
        <button
          key={action}
          type="button"
          className={`btn btn-sm ${action === 'destroy' ? 'btn-outline-danger' : 'btn-quiet'}`}
          onClick={() => (action === 'start' ? void bulk('start') : setAsking(action))}
        >
          <Icon name={icon} size={14} />
          {t(`bulk.${action}`)}
        </button>
      ))}
      <button type="button" className="btn btn-sm btn-quiet" onClick={() => onDone([])}>
        {t('bulk.none')}
      </button>
      {asking && (
        <ConfirmDialog
          title={t(`bulk.${asking}Title`, { count })}
          action={t(`bulk.${asking}`)}
          danger={asking !== 'restart'}
          {...(asking === 'destroy' && { typed: count === 1 ? (selected[0]?.name ?? '') : String(count) })}
          onConfirm={() => bulk(asking)}
          onClose={() => setAsking(undefined)}
        >
          <p>{t(`bulk.${asking}Text`, { count })}</p>
          <p className="mb-0 text-break fw-semibold">{selected.map(({ name }) => name).join(', ')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
