import { useFormContext } from 'react-hook-form'
import { useWords } from '../../../i18n/use-words.js'
import { Field } from '../../../parts/Field.js'
import { CheckField, TextField } from '../../../parts/fields.js'
import type { VisitorsForm } from './visitors-form.js'

function PasswordFields({ hasPassword }: { hasPassword: boolean }) {
  const { t } = useWords()
  const { register, formState } = useFormContext<VisitorsForm>()
  const { errors } = formState
  return (
    <div className="two-fields">
      <Field
        label={t('visitors.name')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={errors.visitorName?.message}
        {...register('visitorName')}
      />
      <Field
        type="password"
        label={t('visitors.password')}
        autoComplete="new-password"
        hint={hasPassword && t('visitors.passwordKept')}
        error={errors.password?.message}
        {...register('password', {
          validate: (text) =>
            text.length >= 6 || (text === '' && hasPassword) || t('visitors.passwordShort', { count: 6 }),
        })}
      />
    </div>
  )
}

/** Who may see the site. */
export function AudiencePanel({ hasPassword }: { hasPassword: boolean }) {
  const { t } = useWords()
  const { register, watch, formState } = useFormContext<VisitorsForm>()
  const { errors } = formState
  const visitors = watch('visitors')
  return (
    <section className="panel panel-body" aria-labelledby="audience-title">
      <h2 id="audience-title">{t('visitors.who')}</h2>
      <fieldset className="field">
        <legend className="visually-hidden">{t('visitors.who')}</legend>
        {(['everybody', 'password', 'people'] as const).map((who) => (
          <CheckField key={who} type="radio" label={t(`visitors.by.${who}`)} value={who} {...register('visitors')} />
        ))}
      </fieldset>
      {visitors === 'password' && <PasswordFields hasPassword={hasPassword} />}
      {visitors === 'people' && (
        <TextField
          label={t('visitors.groups')}
          hint={t('visitors.groupsHint')}
          spellCheck={false}
          error={errors.visitorGroups?.message}
          {...register('visitorGroups')}
        />
      )}
      <div className="two-fields">
        <TextField
          label={t('visitors.allow')}
          hint={t('visitors.allowHint')}
          className="font-monospace"
          spellCheck={false}
          error={errors.allow?.message}
          {...register('allow')}
        />
        <TextField
          label={t('visitors.deny')}
          hint={t('visitors.denyHint')}
          className="font-monospace"
          spellCheck={false}
          error={errors.deny?.message}
          {...register('deny')}
        />
      </div>
    </section>
  )
}
