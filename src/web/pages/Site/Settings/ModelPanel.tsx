import { useMutation } from '@tanstack/react-query'
import { ModelFor } from '../../../../model/site-model.js'
import { callApi } from '../../../api/call-api.js'
import { queryClient } from '../../../api/query-client.js'
import { siteDefaultsQuery, siteQuery } from '../../../api/sites.js'
import { useWords } from '../../../i18n/use-words.js'
import { showToast } from '../../../parts/toasts.js'
import { useSite } from '../use-site.js'

/** For whom the site is a model of new ones; a choice acts at once. */
export function ModelPanel() {
  const { t } = useWords()
  const { name, modelFor } = useSite()
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (wanted: ModelFor) => callApi('setModel', { params: { name }, body: { modelFor: wanted } }),
    onSuccess: async (changed) => {
      queryClient.setQueryData(siteQuery(name).queryKey, changed)
      await queryClient.invalidateQueries(siteDefaultsQuery)
    },
    onError: (error) => showToast({ kind: 'error', title: t('save.failed'), error }),
  })
  return (
    <section className="panel panel-body" aria-labelledby="model-title">
      <h2 id="model-title">{t('model.title')}</h2>
      <p className="text-body-secondary">{t('model.text')}</p>
      <div className="sleep-choice">
        <label htmlFor="model-for">{t('model.for')}</label>
        <select
          id="model-for"
          className="form-select"
          value={isPending ? variables : modelFor}
          disabled={isPending}
          onChange={({ target }) => mutate(ModelFor.parse(target.value))}
        >
          {ModelFor.options.map((option) => (
            <option key={option} value={option}>
              {t(`model.choice.${option}`)}
            </option>
          ))}
        </select>
      </div>
    </section>
  )
}
