import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { BackupPlan } from '../../../../model/backup.js'
import { setBackupPlan } from '../../../api/backups.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { SavePill } from '../../../parts/SavePill.js'
import { useSite } from '../use-site.js'

/** Whether a backup is made each day by itself, and how many are kept. */
export function PlanForm({ plan }: { plan: BackupPlan }) {
  const { t } = useWords()
  const { name } = useSite()
  const [error, setError] = useState<Error>()
  const form = useForm<BackupPlan>({ values: plan })
  const { register, formState } = form
  const { errors, isDirty, isSubmitting } = formState
  const submit = form.handleSubmit(async (values) => {
    setError(undefined)
    await setBackupPlan(name, values).catch(setError)
  })
  const within = (key: 'keepDaily' | 'keepWeekly') => ({
    valueAsNumber: true,
    validate: (value: number) => BackupPlan.shape[key].safeParse(value).success,
  })
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <label className="form-check mb-3">
        <input type="checkbox" className="form-check-input" {...register('daily')} />
        <span className="form-check-label">{t('backups.daily')}</span>
      </label>
      <div className="limit-fields">
        <Field
          type="number"
          min={1}
          max={31}
          label={t('backups.keepDaily')}
          error={errors.keepDaily && t('backups.between', { from: 1, to: 31 })}
          {...register('keepDaily', within('keepDaily'))}
        />
        <Field
          type="number"
          min={0}
          max={52}
          label={t('backups.keepWeekly')}
          error={errors.keepWeekly && t('backups.between', { from: 0, to: 52 })}
          {...register('keepWeekly', within('keepWeekly'))}
        />
      </div>
      <p className="form-text mb-0">{t('backups.keepHint')}</p>
      {error && <ErrorNote error={error} title={t('save.failed')} />}
      {(isDirty || isSubmitting) && <SavePill busy={isSubmitting} onReset={() => form.reset(plan)} />}
    </form>
  )
}
