import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { FormProvider, useForm } from 'react-hook-form'
import type { SiteSettings } from '../../../../model/site-settings.js'
import { ApiError } from '../../../api/api-error.js'
import { changeSettings, siteSettingsQuery } from '../../../api/site-settings.js'
import type { Language } from '../../../i18n/language.js'
import { translateServerText } from '../../../i18n/server-texts.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { SavePill } from '../../../parts/SavePill.js'
import { Spinner } from '../../../parts/Spinner.js'
import { markUnsaved } from '../../../unsaved.js'
import { useSite } from '../use-site.js'
import { AudiencePanel } from './AudiencePanel.js'
import { LoadPanel } from './LoadPanel.js'
import { RedirectsPanel } from './RedirectsPanel.js'
import { ServingPanel } from './ServingPanel.js'
import { findInput, planSettings, toVisitorsForm, type VisitorsForm } from './visitors-form.js'
import { WordsPanel } from './WordsPanel.js'

type Form = ReturnType<typeof useForm<VisitorsForm>>

/** What the server names as wrong says so at its input. */
function showProblems(form: Form, error: Error, language: Language): void {
  const problems = error instanceof ApiError ? (error.fields ?? []) : []
  for (const problem of problems) {
    const input = findInput(problem)
    const message = translateServerText(problem.message, language) ?? problem.message
    if (input) form.setError(input, { message }, { shouldFocus: true })
  }
}

/** Saves the form. Returns what went wrong. */
function useSave(settings: SiteSettings, form: Form) {
  const { name } = useSite()
  const { language } = useWords()
  return async (values: VisitorsForm): Promise<Error | undefined> => {
    try {
      if (await changeSettings(name, planSettings(settings, values))) form.reset({ ...values, password: '' })
      return undefined
    } catch (error) {
      showProblems(form, error as Error, language)
      return error as Error
    }
  }
}

function SettingsForm({ settings, hasPassword }: { settings: SiteSettings; hasPassword: boolean }) {
  const { t } = useWords()
  const { name } = useSite()
  const [error, setError] = useState<Error>()
  const form = useForm<VisitorsForm>({ defaultValues: toVisitorsForm(settings) })
  const { isDirty, isSubmitting } = form.formState
  // The form follows what others save, as long as nothing was typed.
  const kept = JSON.stringify(toVisitorsForm(settings))
  useEffect(() => {
    if (!isDirty) form.reset(JSON.parse(kept) as VisitorsForm)
  }, [isDirty, kept, form])
  const save = useSave(settings, form)
  const submit = form.handleSubmit(async (values) => setError(await save(values)))
  useEffect(() => {
    markUnsaved(`visitors ${name}`, isDirty)
    return () => markUnsaved(`visitors ${name}`, false)
  }, [name, isDirty])
  const reset = () => {
    setError(undefined)
    form.reset(toVisitorsForm(settings))
  }
  return (
    <FormProvider {...form}>
      <form className="settings" onSubmit={(event) => void submit(event)} noValidate>
        <AudiencePanel hasPassword={hasPassword} />
        <ServingPanel />
        <RedirectsPanel settings={settings} />
        <LoadPanel />
        <WordsPanel />
        {error && <ErrorNote error={error} title={t('save.failed')} />}
        {(isDirty || isSubmitting) && <SavePill busy={isSubmitting} onReset={reset} />}
      </form>
    </FormProvider>
  )
}

/** How the site is served, and who may see it. */
export function Visitors() {
  const { t } = useWords()
  const { name } = useSite()
  const { data, error, refetch } = useQuery(siteSettingsQuery(name))
  if (!data)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  return (
    <>
      {!data.readable && (
        <div className="note note-error">
          <Icon name="exclamation-circle-fill" />
          <p className="mb-0">{t('visitors.damaged')}</p>
        </div>
      )}
      <SettingsForm settings={data.settings} hasPassword={data.hasPassword} />
    </>
  )
}
