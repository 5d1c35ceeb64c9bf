import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { isAboutTemplates, type Operation } from '../../../model/operation.js'
import type { TemplateInfo } from '../../../model/template-info.js'
import { operationsQuery } from '../../api/operations.js'
import { templatesQuery } from '../../api/platform.js'
import { useStackWords } from '../../i18n/use-stack-words.js'
import { useWords } from '../../i18n/use-words.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Spinner } from '../../parts/Spinner.js'
import { Steps } from '../../parts/Steps.js'
import { BuildDialog } from './BuildDialog.js'
import { CareButtons } from './CareButtons.js'
import { MoveSites } from './MoveSites.js'
import { RemoveTemplate } from './RemoveTemplate.js'
import { UpdatesCell } from './UpdatesCell.js'

/** Whether new sites are made of it. */
function Use({ isCurrent }: { isCurrent: boolean }) {
  const { t } = useWords()
  return (
    <span className={isCurrent ? 'state state-running' : 'state state-stopped'}>
      <span className="state-dot" aria-hidden="true" />
      {t(isCurrent ? 'templates.current' : 'templates.old')}
    </span>
  )
}

function TemplateRow({ template }: { template: TemplateInfo }) {
  const { bytes, date, ago, number } = useWords()
  const { stackOf } = useStackWords()
  return (
    <tr>
      <td>
        <span className="row-name">{stackOf(template.stack)}</span>
        <span className="row-note font-monospace">{template.digest.slice(0, 12)}</span>
        {template.extra.length > 0 && <span className="row-note">+ {template.extra.join(', ')}</span>}
        <span className="d-sm-none">
          <Use isCurrent={template.current} />
        </span>
      </td>
      <td className="d-none d-sm-table-cell">
        <Use isCurrent={template.current} />
      </td>
      <td className="d-none d-lg-table-cell">{template.suite}</td>
      <td className="d-none d-sm-table-cell text-nowrap" title={date(template.builtAt)}>
        {ago(template.builtAt)}
      </td>
      <td>
        <UpdatesCell template={template} />
      </td>
      <td className="d-none d-md-table-cell text-end">{bytes(template.sizeBytes)}</td>
      <td className="d-none d-lg-table-cell text-end">{number(template.packages)}</td>
      <td className="text-end">{number(template.containers)}</td>
      <td className="row-actions">
        <RemoveTemplate template={template} />
      </td>
    </tr>
  )
}

function TemplatesTable({ templates }: { templates: TemplateInfo[] }) {
  const { t } = useWords()
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('templates.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('site.stack')}</th>
            <th scope="col" className="d-none d-sm-table-cell">
              {t('templates.use')}
            </th>
            <th scope="col" className="d-none d-lg-table-cell">
              {t('templates.suite')}
            </th>
            <th scope="col" className="d-none d-sm-table-cell">
              {t('templates.built')}
            </th>
            <th scope="col">{t('templates.updates')}</th>
            <th scope="col" className="d-none d-md-table-cell text-end">
              {t('templates.size')}
            </th>
            <th scope="col" className="d-none d-lg-table-cell text-end">
              {t('templates.packages')}
            </th>
            <th scope="col" className="text-end">
              {t('templates.sites')}
            </th>
            <th scope="col">
              <span className="visually-hidden">{t('general.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {templates.map((template) => (
            <TemplateRow key={template.digest} template={template} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Work on templates that is under way, with its steps. */
function UnderWay({ operations }: { operations: Operation[] }) {
  const { t } = useWords()
  return operations.map((one) => {
    const title =
      one.kind === 'template.build'
        ? t('templates.building', { stack: one.subject })
        : t(`operation.running.${one.kind}`)
    return (
      <section key={one.id} className="panel running-panel" aria-label={title}>
        <h2>{title}</h2>
        <Steps operation={one} />
      </section>
    )
  })
}

/** The read-only roots that sites are made of. */
export function Templates() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(templatesQuery)
  const { data: all } = useQuery(operationsQuery)
  const [asking, setAsking] = useState(false)
  const [failure, setFailure] = useState<Error>()
  const underWay = (all ?? []).filter(({ kind, state }) => isAboutTemplates(kind) && state === 'running')
  const isCaring = underWay.some(({ kind }) => kind !== 'template.build')
  return (
    <>
      <PageHeader title={t('templates.title')}>
        <CareButtons templates={data ?? []} isBusy={isCaring} onError={setFailure} />
        <button type="button" className="btn btn-primary" onClick={() => setAsking(true)}>
          <Icon name="layers" />
          {t('templates.build')}
        </button>
      </PageHeader>
      {failure && <ErrorNote error={failure} />}
      <UnderWay operations={underWay} />
      <MoveSites templates={data ?? []} isBusy={isCaring} onError={setFailure} />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data?.length === 0 && (
        <EmptyState title={t('templates.emptyTitle')}>
          <p>{t('templates.emptyText')}</p>
        </EmptyState>
      )}
      {data && data.length > 0 && <TemplatesTable templates={data} />}
      {asking && <BuildDialog onClose={() => setAsking(false)} />}
    </>
  )
}
