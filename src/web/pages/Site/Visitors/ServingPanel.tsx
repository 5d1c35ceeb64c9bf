import { useFormContext } from 'react-hook-form'
import { useWords } from '../../../i18n/use-words.js'
import { CheckField, SelectField, TextField } from '../../../parts/fields.js'
import type { VisitorsForm } from './visitors-form.js'

/** HTTPS, search engines, and whether the site is being worked on. */
export function ServingPanel() {
  const { t } = useWords()
  const { register, watch, formState } = useFormContext<VisitorsForm>()
  const { errors } = formState
  return (
    <section className="panel panel-body" aria-labelledby="serving-title">
      <h2 id="serving-title">{t('visitors.serving')}</h2>
      <CheckField
        label={t('visitors.forceHttps')}
        hint={t('visitors.forceHttpsHint')}
        error={errors.forceHttps?.message}
        {...register('forceHttps')}
      />
      <CheckField label={t('visitors.noindex')} hint={t('visitors.noindexHint')} {...register('noindex')} />
      <CheckField label={t('visitors.maintenance')} hint={t('visitors.maintenanceHint')} {...register('maintenance')} />
      {watch('maintenance') && (
        <TextField
          label={t('visitors.maintenanceText')}
          maxLength={1000}
          error={errors.maintenanceText?.message}
          {...register('maintenanceText')}
        />
      )}
      <SelectField
        label={t('visitors.hsts')}
        hint={t('visitors.hstsHint')}
        error={errors.hsts?.message}
        {...register('hsts')}
      >
        {(['off', 'day', 'year'] as const).map((span) => (
          <option key={span} value={span}>
            {t(`visitors.hstsFor.${span}`)}
          </option>
        ))}
      </SelectField>
    </section>
  )
}
