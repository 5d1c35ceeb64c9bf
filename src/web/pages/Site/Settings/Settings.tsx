import { useEffect, useRef, useState } from 'react'
import { FormProvider, useForm } from 'react-hook-form'
import type { Site } from '../../../../model/site.js'
import { callApi } from '../../../api/call-api.js'
import { followOperation } from '../../../api/followed.js'
import { useMe } from '../../../api/me.js'
import { endOf } from '../../../api/operations.js'
import { showOperation } from '../../../api/power.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { LimitFields } from '../../../parts/LimitFields.js'
import { findRoom } from '../../../parts/limit-form.js'
import { SavePill } from '../../../parts/SavePill.js'
import { markUnsaved } from '../../../unsaved.js'
import { useSite } from '../use-site.js'
import { ModelPanel } from './ModelPanel.js'
import { Packages } from './Packages.js'
import { SleepPanel } from './SleepPanel.js'
import { StackPanel } from './StackPanel.js'
import { planChanges, type SettingsForm, toSettingsForm } from './settings-form.js'
import { Variables } from './Variables.js'

async function carryOut(name: string, started: Promise<{ operation: string }>): Promise<boolean> {
  const { operation } = await started
  followOperation(operation)
  showOperation(name, operation)
  return (await endOf(operation)).state === 'done'
}

/** Sends what was changed. False when the operation failed, which is told by itself. */
async function save(site: Site, form: SettingsForm): Promise<boolean> {
  const { limits } = planChanges(site, form)
  const params = { name: site.name }
  return !limits || carryOut(site.name, callApi('setLimits', { params, body: limits }))
}

// What was changed and not saved, by site, while another page is shown.
const drafts = new Map<string, SettingsForm>()

/** Whether the form says something else than the site; the form follows the site as long as nothing was typed. */
function useSettings(site: Site) {
  const form = useForm<SettingsForm>({ defaultValues: toSettingsForm(site) })
  const { isDirty } = form.formState
  const key = JSON.stringify(toSettingsForm(site))
  const { reset } = form
  useEffect(() => {
    if (!isDirty) reset(JSON.parse(key) as SettingsForm)
  }, [isDirty, key, reset])
  const { getValues, setValue } = form
  useEffect(() => {
    const draft = drafts.get(site.name)
    drafts.delete(site.name)
    if (draft) setValue('limits', draft.limits, { shouldDirty: true })
  }, [site.name, setValue])
  const dirty = useRef(isDirty)
  useEffect(() => {
    dirty.current = isDirty
    markUnsaved(`settings ${site.name}`, isDirty)
  }, [site.name, isDirty])
  useEffect(
    () => () => {
      if (dirty.current) drafts.set(site.name, getValues())
    },
    [site.name, getValues],
  )
  return form
}

/** Limits within the quota. */
function LimitsForm() {
  const { t } = useWords()
  const site = useSite()
  const { quota, used } = useMe()
  const [error, setError] = useState<Error>()
  const form = useSettings(site)
  const { isDirty, isSubmitting } = form.formState
  const submit = form.handleSubmit(async (values) => {
    setError(undefined)
    await save(site, values).then((done) => done && form.reset(values), setError)
  })
  const reset = () => {
    setError(undefined)
    form.reset(toSettingsForm(site))
  }
  return (
    <FormProvider {...form}>
      <SleepPanel />
      <form className="settings" onSubmit={(event) => void submit(event)} noValidate>
        <section className="panel panel-body" aria-labelledby="limits-title">
          <h2 id="limits-title">{t('settings.limits')}</h2>
          <p className="text-body-secondary">{t('settings.limitsText')}</p>
          <LimitFields room={findRoom(quota, used, site.limits)} />
        </section>
        {error && <ErrorNote error={error} title={t('save.failed')} />}
        {(isDirty || isSubmitting) && <SavePill busy={isSubmitting} onReset={reset} />}
      </form>
    </FormProvider>
  )
}

/** What belongs to the site as a whole; its variables only for those who may look into it. */
export function Settings() {
  const { rights } = useSite()
  return (
    <>
      <LimitsForm />
      <StackPanel />
      <Packages />
      {rights.includes('edit') && <Variables />}
      {rights.includes('share') && <ModelPanel />}
    </>
  )
}
