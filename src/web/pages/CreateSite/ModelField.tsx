import { useFormContext } from 'react-hook-form'
import type { SiteModel } from '../../../model/site-model.js'
import { useStackWords } from '../../i18n/use-stack-words.js'
import { useWords } from '../../i18n/use-words.js'
import { toLimitForm } from '../../parts/limit-form.js'
import type { CreateForm } from './create-form.js'

/** Whether the site begins empty or as a copy of a model, with that one's limits filled in. */
export function ModelField({ models }: { models: SiteModel[] }) {
  const { t } = useWords()
  const { stackOf } = useStackWords()
  const { register, setValue } = useFormContext<CreateForm>()
  const field = register('model', {
    onChange: ({ target }: { target: HTMLSelectElement }) => {
      const model = models.find(({ name }) => name === target.value)
      if (model) setValue('limits', toLimitForm(model.limits))
    },
  })
  if (models.length === 0) return null
  return (
    <div className="field">
      <label className="form-label" htmlFor="model">
        {t('model.begin')}
      </label>
      <select id="model" className="form-select" {...field}>
        <option value="">{t('model.empty')}</option>
        {models.map(({ name, owner, stack }) => (
          <option key={name} value={name}>
            {t('model.copyOf', { name, owner, stack: stackOf(stack) })}
          </option>
        ))}
      </select>
    </div>
  )
}
