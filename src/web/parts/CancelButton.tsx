import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { Operation } from '../../model/operation.js'
import { callApi } from '../api/call-api.js'
import { useWords } from '../i18n/use-words.js'
import { showToast } from './toasts.js'

/** Gives up a creation that is under way; what was made is removed again. */
export function CancelButton({ operation }: { operation: Operation }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const cancel = useMutation({
    mutationFn: () => callApi('cancelOperation', { params: { id: operation.id } }),
    onSuccess: () => navigate('/sites'),
    onError: (error) => showToast({ kind: 'error', title: t('operation.cancelFailed'), error }),
  })
  return (
    <button type="button" className="btn btn-sm btn-quiet" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
      {t('action.cancel')}
    </button>
  )
}
