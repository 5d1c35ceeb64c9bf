import { useFormContext } from 'react-hook-form'
import { Quota } from '../../../model/limits.js'
import { useWords } from '../../i18n/use-words.js'
import { Field } from '../../parts/Field.js'
import { type Room, toLimits } from '../../parts/limit-form.js'
import type { PersonForm } from './person-form.js'

const EXAMPLE = { cores: '1', memoryMb: '1', diskGb: '1' }

/** A quota of the person's own, or the group's. */
export function QuotaFields() {
  const { t } = useWords()
  const { register, watch, formState } = useFormContext<PersonForm>()
  const { errors } = formState
  const check = (name: keyof Room, field: keyof typeof EXAMPLE) => (text: string) =>
    Quota.shape[name].safeParse(toLimits({ ...EXAMPLE, [field]: text })[name]).success || t('limits.outOfRange')
  return (
    <fieldset className="field">
      <legend className="form-label">{t('people.quota')}</legend>
      <div className="form-check form-switch">
        <input id="own-quota" type="checkbox" className="form-check-input" {...register('ownQuota')} />
        <label className="form-check-label" htmlFor="own-quota">
          {t('people.ownQuota')}
        </label>
      </div>
      {watch('ownQuota') && (
        <div className="limit-fields limit-fields-two">
          <Field
            label={t('quota.sites')}
            inputMode="numeric"
            error={errors.sites?.message}
            {...register('sites', {
              validate: (text) => Quota.shape.sites.safeParse(Number(text || 'x')).success || t('limits.outOfRange'),
            })}
          />
          <Field
            label={t('usage.cpu')}
            inputMode="decimal"
            suffix={t('limits.cores')}
            error={errors.limits?.cores?.message}
            {...register('limits.cores', { validate: check('cpuMilli', 'cores') })}
          />
          <Field
            label={t('usage.memory')}
            inputMode="numeric"
            suffix={t('limits.megabytes')}
            error={errors.limits?.memoryMb?.message}
            {...register('limits.memoryMb', { validate: check('memoryBytes', 'memoryMb') })}
          />
          <Field
            label={t('usage.disk')}
            inputMode="decimal"
            suffix={t('limits.gigabytes')}
            error={errors.limits?.diskGb?.message}
            {...register('limits.diskGb', { validate: check('diskBytes', 'diskGb') })}
          />
        </div>
      )}
    </fieldset>
  )
}
