import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type { ApiResult } from '../../../model/api.js'
import { callApi } from '../../api/call-api.js'
import { followOperation } from '../../api/followed.js'
import { siteDefaultsQuery } from '../../api/sites.js'
import { useWords } from '../../i18n/use-words.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogFooter } from '../../parts/DialogFooter.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Spinner } from '../../parts/Spinner.js'
import { StackFields } from '../../parts/StackFields.js'

interface Props {
  onClose: () => void
}

function BuildForm({ onClose, defaults }: Props & { defaults: ApiResult<'siteDefaults'> }) {
  const { t } = useWords()
  const form = useForm({ defaultValues: { ...defaults.stack, force: false } })
  const { register, handleSubmit, formState } = form
  const [error, setError] = useState<Error>()
  const { choices } = defaults
  const submit = handleSubmit(async ({ force, ...stack }) => {
    try {
      followOperation((await callApi('buildTemplate', { body: { stack, force } })).operation)
      onClose()
    } catch (reason) {
      setError(reason as Error)
    }
  })
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className="dialog-body">
        <StackFields form={form} choices={choices} />
        <div className="form-check">
          <input id="force" type="checkbox" className="form-check-input" {...register('force')} />
          <label className="form-check-label" htmlFor="force">
            {t('templates.force')}
          </label>
        </div>
        {error && <ErrorNote error={error} />}
      </div>
      <DialogFooter action={t('templates.build')} busy={formState.isSubmitting} onClose={onClose} />
    </form>
  )
}

/** Chooses the stack whose template is built. */
export function BuildDialog({ onClose }: Props) {
  const { t } = useWords()
  const { data, error } = useQuery(siteDefaultsQuery)
  return (
    <Dialog title={t('templates.build')} onClose={onClose} wide>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && <BuildForm defaults={data} onClose={onClose} />}
    </Dialog>
  )
}
