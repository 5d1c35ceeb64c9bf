import { useEffect, useState } from 'react'
import type { Site } from '../../model/site.js'
import { destroySite, powerSite } from '../api/power.js'
import { useWords } from '../i18n/use-words.js'
import { ConfirmDialog } from './ConfirmDialog.js'
import { focusHeading } from './focus-heading.js'
import { Icon, type IconName } from './Icon.js'
import { useBulk } from './use-bulk.js'

type Asked = 'restart' | 'stop' | 'destroy'
type Action = 'start' | Asked

const ACTIONS = [
  ['start', 'play-fill'],
  ['restart', 'arrow-clockwise'],
  ['stop', 'stop-fill'],
  ['destroy', 'trash3'],
] as const satisfies readonly (readonly [Action, IconName])[]

const act = (name: string, action: Action) => (action === 'destroy' ? destroySite(name) : powerSite(name, action))

export interface BulkProps {
  selected: Site[]
  /** Called with the sites for which it was refused: they stay selected. */
  onDone: (refused: string[]) => void
}

/** What can be done with the selected sites; what is not allowed with each of them is not offered. Stands where the page's own actions were. */
export function BulkActions({ selected, onDone }: BulkProps) {
  const { t } = useWords()
  const [asking, setAsking] = useState<Asked>()
  const doToAll = useBulk()
  const bulk = async (action: Action) =>
    onDone(
      await doToAll(
        selected.map(({ name }) => name),
        (name) => act(name, action),
      ),
    )
  const count = selected.length
  const actions = ACTIONS.filter(
    ([action]) => action !== 'destroy' || selected.every(({ rights }) => rights.includes('delete')),
  )
  useEffect(
    () => () => {
      if (document.activeElement === document.body) focusHeading()
    },
    [],
  )
  return (
    <section className="bulk-bar" aria-label={t('bulk.label')}>
      <p role="status">{t('bulk.selected', { count })}</p>
      {actions.map(([action, icon]) => (
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
