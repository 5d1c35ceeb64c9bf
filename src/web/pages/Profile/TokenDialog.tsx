import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useForm } from 'react-hook-form'
import { MOST_TOKEN_DAYS, TOKEN_SCOPES, type TokenScope } from '../../../model/profile.js'
import { createToken } from '../../api/profile.js'
import { sitesQuery } from '../../api/sites.js'
import { useWords } from '../../i18n/use-words.js'
import { CopyButton } from '../../parts/CopyButton.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogFooter } from '../../parts/DialogFooter.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Field } from '../../parts/Field.js'

interface TokenForm {
  name: string
  scope: TokenScope
  site: string
  days: number
}

/** The secret, which is shown this once. */
function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useWords()
  return (
    <>
      <div className="dialog-body">
        <p>{t('profile.secretText')}</p>
        <div className="command">
          <code className="text-break user-select-all">{secret}</code>
          <CopyButton text={secret} what={t('profile.secret')} />
        </div>
      </div>
      <footer className="dialog-footer">
        <button type="button" className="btn btn-primary" onClick={onClose}>
          {t('profile.secretKept')}
        </button>
      </footer>
    </>
  )
}

function ForSite({ form }: { form: ReturnType<typeof useForm<TokenForm>> }) {
  const { t } = useWords()
  const id = useId()
  const { data = [] } = useQuery(sitesQuery('mine'))
  return (
    <div className="field">
      <label className="form-label" htmlFor={id}>
        {t('profile.tokenSite')}
      </label>
      <select id={id} className="form-select" {...form.register('site')}>
        <option value="">{t('profile.allSites')}</option>
        {data.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  )
}

function Scope({ form }: { form: ReturnType<typeof useForm<TokenForm>> }) {
  const { t } = useWords()
  return (
    <fieldset className="field">
      <legend className="form-label">{t('profile.tokenMay')}</legend>
      {TOKEN_SCOPES.map((scope) => (
        <label key={scope} className="form-check">
          <input type="radio" className="form-check-input" value={scope} {...form.register('scope')} />
          <span className="form-check-label">{t(`profile.may.${scope}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}

function TokenFields({ onSecret, onClose }: { onSecret: (secret: string) => void; onClose: () => void }) {
  const { t } = useWords()
  const form = useForm<TokenForm>({ defaultValues: { name: '', scope: 'read', site: '', days: 90 } })
  const [error, setError] = useState<Error>()
  const { errors, isSubmitting } = form.formState
  const submit = form.handleSubmit(async ({ site, ...rest }) => {
    setError(undefined)
    await createToken({ ...rest, ...(site !== '' && { site }) }).then(({ secret }) => onSecret(secret), setError)
  })
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <div className="dialog-body">
        <Field
          label={t('profile.tokenName')}
          data-autofocus
          maxLength={100}
          hint={t('profile.tokenNameHint')}
          error={errors.name && t('profile.tokenNameMissing')}
          {...form.register('name', { validate: (text) => text.trim() !== '' })}
        />
        <Scope form={form} />
        <ForSite form={form} />
        <Field
          type="number"
          min={1}
          max={MOST_TOKEN_DAYS}
          label={t('profile.tokenDays')}
          error={errors.days && t('backups.between', { from: 1, to: MOST_TOKEN_DAYS })}
          {...form.register('days', {
            valueAsNumber: true,
            validate: (days) => Number.isInteger(days) && days >= 1 && days <= MOST_TOKEN_DAYS,
          })}
        />
        {error && <ErrorNote error={error} />}
      </div>
      <DialogFooter action={t('action.create')} busy={isSubmitting} onClose={onClose} />
    </form>
  )
}

/** A new token; it can only be left by the button while its secret is in view. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const [secret, setSecret] = useState<string>()
  return (
    <Dialog title={t('profile.tokenAdd')} onClose={secret === undefined ? onClose : undefined}>
      {secret === undefined ? (
        <TokenFields onSecret={setSecret} onClose={onClose} />
      ) : (
        <Secret secret={secret} onClose={onClose} />
      )}
    </Dialog>
  )
}
