import { useFieldArray, useFormContext } from 'react-hook-form'
import { REDIRECT_STATUSES } from '../../../../model/redirect.js'
import type { SiteSettings } from '../../../../model/site-settings.js'
import { useWords } from '../../../i18n/use-words.js'
import { Field } from '../../../parts/Field.js'
import { SelectField } from '../../../parts/fields.js'
import { Icon } from '../../../parts/Icon.js'
import { TryAddress } from './TryAddress.js'
import type { VisitorsForm } from './visitors-form.js'

function RedirectFields({ index, onRemove }: { index: number; onRemove: () => void }) {
  const { t } = useWords()
  const { register, formState } = useFormContext<VisitorsForm>()
  const errors = formState.errors.redirects?.[index]
  const label = t('visitors.redirectRemove', { number: index + 1 })
  return (
    <li className="redirect">
      <Field
        label={t('visitors.from')}
        placeholder="/old-page"
        spellCheck={false}
        error={errors?.from?.message}
        {...register(`redirects.${index}.from`)}
      />
      <Field
        label={t('visitors.to')}
        placeholder="/new-page"
        spellCheck={false}
        error={errors?.to?.message}
        {...register(`redirects.${index}.to`)}
      />
      <SelectField label={t('visitors.status')} {...register(`redirects.${index}.status`)}>
        {REDIRECT_STATUSES.map((status) => (
          <option key={status} value={status}>
            {`${status} · ${t(`visitors.statuses.s${status}`)}`}
          </option>
        ))}
      </SelectField>
      <button type="button" className="icon-button" aria-label={label} title={label} onClick={onRemove}>
        <Icon name="trash3" size={14} />
      </button>
    </li>
  )
}

/** What addresses of the site lead to instead, and a look at what a visit would meet. */
export function RedirectsPanel({ settings }: { settings: SiteSettings }) {
  const { t } = useWords()
  const { control } = useFormContext<VisitorsForm>()
  const { fields, append, remove } = useFieldArray({ control, name: 'redirects' })
  return (
    <section className="panel panel-body" aria-labelledby="redirects-title">
      <div className="panel-head">
        <h2 id="redirects-title">{t('visitors.redirects')}</h2>
        <button
          type="button"
          className="btn btn-sm btn-quiet"
          onClick={() => append({ from: '', to: '', status: '302' })}
        >
          <Icon name="plus-lg" size={14} />
          {t('visitors.redirectAdd')}
        </button>
      </div>
      <p className="text-body-secondary">{t('visitors.redirectsText')}</p>
      <ul className="redirects">
        {fields.map(({ id }, index) => (
          <RedirectFields key={id} index={index} onRemove={() => remove(index)} />
        ))}
      </ul>
      <TryAddress settings={settings} />
    </section>
  )
}
