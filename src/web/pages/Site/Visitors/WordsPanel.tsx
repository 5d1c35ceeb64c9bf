import { useFormContext } from 'react-hook-form'
import { useWords } from '../../../i18n/use-words.js'
import { TextField } from '../../../parts/fields.js'
import type { VisitorsForm } from './visitors-form.js'

/** What our pages say in the owner's own words. */
export function WordsPanel() {
  const { t } = useWords()
  const { register, formState } = useFormContext<VisitorsForm>()
  return (
    <section className="panel panel-body" aria-labelledby="words-title">
      <h2 id="words-title">{t('visitors.words')}</h2>
      <p className="text-body-secondary">{t('visitors.wordsText')}</p>
      {(['notFoundText', 'forbiddenText', 'errorText'] as const).map((field) => (
        <TextField
          key={field}
          label={t(`visitors.${field}`)}
          rows={2}
          maxLength={1000}
          error={formState.errors[field]?.message}
          {...register(field)}
        />
      ))}
    </section>
  )
}
