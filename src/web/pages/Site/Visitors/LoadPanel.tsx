import { useMutation } from '@tanstack/react-query'
import { useFormContext } from 'react-hook-form'
import { purgeCache } from '../../../api/site-settings.js'
import { useWords } from '../../../i18n/use-words.js'
import { SelectField } from '../../../parts/fields.js'
import { showToast } from '../../../parts/toasts.js'
import { useSite } from '../use-site.js'
import type { VisitorsForm } from './visitors-form.js'

const MIB = 1024 ** 2
const UPLOADS = [1, 10, 100, 1100].map((size) => size * MIB)

function PurgeButton() {
  const { t } = useWords()
  const { name, operation } = useSite()
  const { mutate, isPending } = useMutation({
    mutationFn: () => purgeCache(name),
    onError: (error) => showToast({ kind: 'error', title: t('visitors.purgeFailed'), error }),
  })
  return (
    <button
      type="button"
      className="btn btn-quiet"
      disabled={isPending || operation !== undefined}
      onClick={() => mutate()}
    >
      {t('visitors.purge')}
    </button>
  )
}

/** How much one visitor may ask for, and what is kept for the next one. */
export function LoadPanel() {
  const { t, bytes } = useWords()
  const { register, watch, formState, getValues } = useFormContext<VisitorsForm>()
  const { errors } = formState
  const current = Number(getValues('uploadBytes'))
  const sizes = UPLOADS.includes(current) ? UPLOADS : [...UPLOADS, current].sort((one, other) => one - other)
  return (
    <section className="panel panel-body" aria-labelledby="load-title">
      <h2 id="load-title">{t('visitors.load')}</h2>
      <div className="two-fields">
        <SelectField label={t('visitors.rate')} hint={t('visitors.rateHint')} {...register('rate')}>
          {(['off', 'relaxed', 'strict'] as const).map((rate) => (
            <option key={rate} value={rate}>
              {t(`visitors.rates.${rate}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('visitors.upload')} error={errors.uploadBytes?.message} {...register('uploadBytes')}>
          {sizes.map((size) => (
            <option key={size} value={size}>
              {bytes(size)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('visitors.cache')}
          hint={t('visitors.cacheHint')}
          error={errors.cache?.message}
          {...register('cache')}
        >
          {(['off', 'seconds', 'minutes'] as const).map((span) => (
            <option key={span} value={span}>
              {t(`visitors.cached.${span}`)}
            </option>
          ))}
        </SelectField>
      </div>
      {watch('cache') !== 'off' && <PurgeButton />}
    </section>
  )
}
