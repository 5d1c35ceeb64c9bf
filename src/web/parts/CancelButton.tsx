import { useMutation } from '@tanstack/react-query'
import type { Operation } from '../../model/operation.js'
import { callApi } from '../api/call-api.js'
import { useWords } from '../i18n/use-words.js'
import { showToast } from './toasts.js'

interface Props {
  operation: Operation
  onCancelled?: () => void
}

/** Gives up an operation that is under way, where that is possible; what was made is removed again. */
export function CancelButton({ operation, onCancelled }: Props) {
  const { t } = useWords()
  const cancel = useMutation({
    mutationFn: () => callApi('cancelOperation', { params: { id: operation.id } }),
    onSuccess: () => onCancelled?.(),
    onError: (error) => showToast({ kind: 'error', title: t('operation.cancelFailed'), error }),
  })
  if (!operation.cancellable) return null
  const asked = cancel.isPending || cancel.isSuccess
  return (
    <button type="button" className="btn btn-sm btn-quiet" disabled={asked} onClick={() => cancel.mutate()}>
      {t('action.cancel')}
    </button>
  )
}
