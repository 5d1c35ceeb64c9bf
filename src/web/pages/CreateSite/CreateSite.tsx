import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormProvider, useForm, useFormContext } from 'react-hook-form'
import { Link, useNavigate } from 'react-router'
import type { ApiResult } from '../../../model/api.js'
import { parseDomainName } from '../../../model/domain-name.js'
import { ApiError } from '../../api/api-error.js'
import { applyEvent } from '../../api/apply-event.js'
import { callApi } from '../../api/call-api.js'
import { followOperation } from '../../api/followed.js'
import { useMe } from '../../api/me.js'
import { queryClient } from '../../api/query-client.js'
import { siteDefaultsQuery } from '../../api/sites.js'
import { translateServerText } from '../../i18n/server-texts.js'
import { useWords } from '../../i18n/use-words.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Field } from '../../parts/Field.js'
import { Icon } from '../../parts/Icon.js'
import { LimitFields } from '../../parts/LimitFields.js'
import { findRoom } from '../../parts/limit-form.js'
import { NameField } from '../../parts/NameField.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Spinner } from '../../parts/Spinner.js'
import { StackFields } from '../../parts/StackFields.js'
import { type CreateForm, findFormField, findQuotaLimit, planCreateForm, toCreateSite } from './create-form.js'
import { ModelField } from './ModelField.js'
import { OtherBeginning } from './OtherBeginning.js'
import { Summary } from './Summary.js'

type Defaults = ApiResult<'siteDefaults'>
const FORM_ID = 'create-site'

/** Sends the form; where the server names wrong inputs, they say so. Returns what remains to be shown as a whole. */
function useCreate(form: ReturnType<typeof useForm<CreateForm>>): (values: CreateForm) => Promise<Error | undefined> {
  const navigate = useNavigate()
  const { language } = useWords()
  return async (values) => {
    try {
      const { site, operation } = await callApi('createSite', { body: toCreateSite(values) })
      followOperation(operation)
      applyEvent(queryClient, { type: 'site', site })
      await navigate(`/sites/${site.name}`, { state: { created: operation } })
      return undefined
    } catch (error) {
      const fields = error instanceof ApiError ? (error.fields ?? []) : []
      for (const { path, message } of fields) {
        const field = findFormField(path)
        if (field)
          form.setError(field, { message: translateServerText(message, language) ?? message }, { shouldFocus: true })
      }
      return error as Error
    }
  }
}

function DomainField() {
  const { t } = useWords()
  const { register, formState } = useFormContext<CreateForm>()
  return (
    <Field
      label={t('create.domain')}
      placeholder="www.example.org"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      hint={t('create.domainHint')}
      error={formState.errors.domain?.message}
      {...register('domain', {
        validate: (text) => text.trim() === '' || 'name' in parseDomainName(text) || t('domains.invalid'),
      })}
    />
  )
}

function Advanced() {
  const { t } = useWords()
  const { quota, used, administrator } = useMe()
  const { register, formState } = useFormContext<CreateForm>()
  const { errors } = formState
  return (
    <details className="advanced" open={errors.limits || errors.owner ? true : undefined}>
      <summary>{t('create.advanced')}</summary>
      <LimitFields room={findRoom(quota, used)} />
      {administrator && (
        <Field
          label={t('create.owner')}
          autoCapitalize="none"
          spellCheck={false}
          hint={t('create.ownerHint')}
          error={errors.owner?.message}
          {...register('owner')}
        />
      )}
    </details>
  )
}

function Form({ defaults }: { defaults: Defaults }) {
  const { t } = useWords()
  const { quota, used } = useMe()
  const [error, setError] = useState<Error>()
  const form = useForm<CreateForm>({ defaultValues: planCreateForm(defaults, quota, used) })
  const create = useCreate(form)
  const submit = form.handleSubmit(async (values) => setError(await create(values)))
  const { choices, models, baseDomain } = defaults
  const { isSubmitting } = form.formState
  return (
    <FormProvider {...form}>
      <form id={FORM_ID} className="panel create" onSubmit={(event) => void submit(event)} noValidate>
        <NameField baseDomain={baseDomain} />
        <ModelField models={models} />
        {!form.watch('model') && <StackFields form={form} choices={choices} />}
        <DomainField />
        <Advanced />
        <Summary baseDomain={baseDomain} choices={choices} models={models} />
        {error && <ErrorNote error={error} title={t('create.failed')} />}
        <div className="create-actions">
          <button
            type="submit"
            className="btn btn-primary btn-lg"
            disabled={isSubmitting || findQuotaLimit(quota, used) !== undefined}
          >
            {isSubmitting && <Spinner />}
            {t('create.submit')}
          </button>
          <Link to="/sites" className="btn btn-quiet btn-lg">
            {t('action.cancel')}
          </Link>
        </div>
      </form>
    </FormProvider>
  )
}

/** Said before anything is filled in: the quota leaves no room for another site. */
function QuotaNote() {
  const { t } = useWords()
  const { quota, used } = useMe()
  const limit = findQuotaLimit(quota, used)
  if (!limit) return null
  return (
    <div className="note note-warn">
      <Icon name="exclamation-triangle" />
      <div>
        <p className="fw-semibold mb-1">{t(`create.full.${limit}`)}</p>
        <p className="mb-0">{t('create.fullHint')}</p>
      </div>
    </div>
  )
}

/** A new site: everything is filled in, one click is enough. */
export function CreateSite() {
  const { t } = useWords()
  const { mayCreate } = useMe()
  const { data, error, refetch } = useQuery({ ...siteDefaultsQuery, enabled: mayCreate, refetchOnWindowFocus: false })
  return (
    <div className="narrow">
      <PageHeader title={t('create.title')} />
      {!mayCreate && <EmptyState title={t('sites.mayNot')} />}
      {mayCreate && <QuotaNote />}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {mayCreate && !data && !error && <Spinner label={t('general.loading')} />}
      {data && <Form defaults={data} />}
      {data && <OtherBeginning />}
    </div>
  )
}
