import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ApiError } from '../api/api-error.js'
import { undoDestroy } from '../api/backups.js'
import { unfollowOperation, useFollowed } from '../api/followed.js'
import { operationsQuery } from '../api/operations.js'
import { useWords } from '../i18n/use-words.js'
import { useLiveState } from '../live.js'
import { showToast } from './toasts.js'

/** Kinds whose success is worth a word; the others show by themselves on the page. */
const TOLD = [
  'site.destroy',
  'site.restart',
  'site.limits',
  'site.domains',
  'site.credentials',
  'site.unpack',
  'site.deploy',
  'site.environment',
  'site.settings',
  'site.backup',
  'site.fetch',
  'site.restore',
  'site.owner',
  'template.build',
  'template.check',
  'template.update',
  'template.rollout',
  'site.update',
  'site.packages',
  'site.stack',
]
const POLL_MS = 2_000

/** Tells the person how the operations that were started here ended, also while the live stream is cut. */
export function OperationWatcher() {
  const { t } = useWords()
  const followed = useFollowed()
  const live = useLiveState()
  const { data } = useQuery({
    ...operationsQuery,
    refetchInterval: followed.size > 0 && live !== 'open' ? POLL_MS : false,
  })
  useEffect(() => {
    for (const operation of data ?? []) {
      if (!followed.has(operation.id) || operation.state === 'running') continue
      unfollowOperation(operation.id)
      const what = { subject: operation.subject }
      if (operation.error)
        showToast({
          kind: 'error',
          title: t(`operation.failed.${operation.kind}`, what),
          error: new ApiError(operation.error, 500),
        })
      else if (operation.state === 'done' && TOLD.includes(operation.kind))
        showToast({
          kind: 'success',
          title: t(`operation.done.${operation.kind}`, what),
          ...(operation.kind === 'site.destroy' && { undo: () => undoDestroy(operation.subject) }),
        })
    }
  }, [data, followed, t])
  return null
}
