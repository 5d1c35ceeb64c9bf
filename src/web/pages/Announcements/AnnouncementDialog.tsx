import { useState } from 'react'
import { type UseFormReturn, useForm } from 'react-hook-form'
import { ANNOUNCEMENT_KINDS, ANNOUNCEMENT_LANGUAGES, MOST_ANNOUNCEMENT_TEXT } from '../../../model/announcement.js'
import { saveAnnouncement } from '../../api/announcements.js'
import { useWords } from '../../i18n/use-words.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogFooter } from '../../parts/DialogFooter.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Field } from '../../parts/Field.js'
import { TextField } from '../../parts/fields.js'
import { type AnnouncementForm, findEndProblem, toWish } from './announcement-form.js'

type Form = UseFormReturn<AnnouncementForm>

function KindField({ form }: { form: Form }) {
  const { t } = useWords()
  return (
    <fieldset className="field">
      <legend className="form-label">{t('announcements.kind')}</legend>
      {ANNOUNCEMENT_KINDS.map((kind) => (
        <label key={kind} className="form-check">
          <input type="radio" className="form-check-input" value={kind} {...form.register('kind')} />
          <span className="form-check-label">{t(`announcements.kinds.${kind}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}

function TextFields({ form }: { form: Form }) {
  const { t, language } = useWords()
  const { errors } = form.formState
  // The person's own language first.
  const languages = [language, ...ANNOUNCEMENT_LANGUAGES.filter((one) => one !== language)]
  return languages.map((one, index) => (
    <TextField
      key={one}
      label={t(`announcements.${one}`)}
      lang={one}
      rows={2}
      maxLength={MOST_ANNOUNCEMENT_TEXT}
      data-autofocus={index === 0 || undefined}
      hint={index > 0 && t('announcements.textHint')}
      error={index === 0 && errors[one] ? t('announcements.textMissing') : undefined}
      {...form.register(one, {
        validate: (_, { en, fr }) => index > 0 || `${en}${fr}`.trim() !== '',
      })}
    />
  ))
}

function TimeFields({ form }: { form: Form }) {
  const { t } = useWords()
  const problem = form.formState.errors.until?.message as 'untilBefore' | 'untilOver' | undefined
  return (
    <div className="limit-fields limit-fields-two">
      <Field
        type="datetime-local"
        label={t('announcements.from')}
        hint={t('announcements.fromHint')}
        {...form.register('from')}
      />
      <Field
        type="datetime-local"
        label={t('announcements.until')}
        hint={t('announcements.untilHint')}
        error={problem && t(`announcements.${problem}`)}
        {...form.register('until', { validate: (_, values) => findEndProblem(values, Date.now()) })}
      />
    </div>
  )
}

interface Props {
  /** Absent: a new one. */
  id?: string
  values: AnnouncementForm
  onClose: () => void
}

/** What everybody is told, and how long. */
export function AnnouncementDialog({ id, values, onClose }: Props) {
  const { t } = useWords()
  const form = useForm<AnnouncementForm>({ defaultValues: values })
  const [error, setError] = useState<Error>()
  const submit = form.handleSubmit(async (filled) => {
    setError(undefined)
    await saveAnnouncement(id, toWish(filled)).then(onClose, setError)
  })
  return (
    <Dialog title={t(id === undefined ? 'announcements.add' : 'announcements.change')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <div className="dialog-body">
          <TextFields form={form} />
          <KindField form={form} />
          <TimeFields form={form} />
          {error && <ErrorNote error={error} />}
        </div>
        <DialogFooter action={t('action.save')} busy={form.formState.isSubmitting} onClose={onClose} />
      </form>
    </Dialog>
  )
}
