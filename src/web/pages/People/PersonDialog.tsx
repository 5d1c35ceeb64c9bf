import { useState } from 'react'
import { FormProvider, useForm, useFormContext } from 'react-hook-form'
import { Login } from '../../../model/names.js'
import { callApi } from '../../api/call-api.js'
import { peopleQuery } from '../../api/people.js'
import { queryClient } from '../../api/query-client.js'
import { useWords } from '../../i18n/use-words.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogFooter } from '../../parts/DialogFooter.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Field } from '../../parts/Field.js'
import { needsReason, type PersonForm, toDecision } from './person-form.js'
import { QuotaFields } from './QuotaFields.js'

function DecisionField() {
  const { t } = useWords()
  const { register } = useFormContext<PersonForm>()
  return (
    <fieldset className="field">
      <legend className="form-label">{t('people.decision')}</legend>
      {(['group', 'allowed', 'denied'] as const).map((decision) => (
        <div key={decision} className="form-check">
          <input
            id={`decision-${decision}`}
            type="radio"
            className="form-check-input"
            value={decision}
            {...register('decision')}
          />
          <label className="form-check-label" htmlFor={`decision-${decision}`}>
            {t(`people.decide.${decision}`)}
          </label>
        </div>
      ))}
    </fieldset>
  )
}

function Fields({ known }: { known: boolean }) {
  const { t } = useWords()
  const { register, formState, watch } = useFormContext<PersonForm>()
  const { errors } = formState
  const reasonNeeded = needsReason({ decision: watch('decision'), ownQuota: watch('ownQuota') })
  return (
    <>
      {!known && (
        <Field
          label={t('people.login')}
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          hint={t('people.loginHint')}
          error={errors.login && t('people.loginInvalid')}
          {...register('login', { validate: (text) => Login.safeParse(text.trim()).success })}
        />
      )}
      <DecisionField />
      <QuotaFields />
      <Field
        label={t('people.reason')}
        maxLength={500}
        hint={t('people.reasonHint')}
        error={errors.reason && t('people.reasonMissing')}
        {...register('reason', { validate: (text) => !reasonNeeded || text.trim() !== '' })}
      />
    </>
  )
}

interface Props {
  title: string
  values: PersonForm
  /** Whether this is about somebody in the list. */
  known: boolean
  onClose: () => void
}

/** Whether a person may create sites, how much, and why. */
export function PersonDialog({ title, values, known, onClose }: Props) {
  const { t } = useWords()
  const form = useForm<PersonForm>({ defaultValues: values })
  const [error, setError] = useState<Error>()
  const submit = form.handleSubmit(async (filled) => {
    try {
      await callApi('setPerson', { params: { login: filled.login.trim() }, body: toDecision(filled) })
      await queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey })
      onClose()
    } catch (reason) {
      setError(reason as Error)
    }
  })
  const { isSubmitting } = form.formState
  return (
    <Dialog title={title} onClose={onClose}>
      <FormProvider {...form}>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <div className="dialog-body">
            <Fields known={known} />
            {error && <ErrorNote error={error} />}
          </div>
          <DialogFooter action={t('action.save')} busy={isSubmitting} onClose={onClose} />
        </form>
      </FormProvider>
    </Dialog>
  )
}
