import { useMutation } from '@tanstack/react-query'
import { callApi } from '../../../api/call-api.js'
import { useMe } from '../../../api/me.js'
import { sleepNow } from '../../../api/power.js'
import { queryClient } from '../../../api/query-client.js'
import { siteQuery } from '../../../api/sites.js'
import { useWords } from '../../../i18n/use-words.js'
import { Icon } from '../../../parts/Icon.js'
import { showToast } from '../../../parts/toasts.js'
import { useSite } from '../use-site.js'

const CHOICES_MINUTES = [5, 15, 30, 60, 120, 480, 1440, 10_080]
const HOUR = 60
const DAY = 1440
const NEVER = 'never'

/** After how long the site falls asleep; a choice acts at once. */
function IdleTime() {
  const { t } = useWords()
  const site = useSite()
  const { administrator } = useMe()
  const change = useMutation({
    mutationFn: (idleMinutes: number | null) =>
      callApi('setIdleTime', { params: { name: site.name }, body: { idleMinutes } }),
    onSuccess: (changed) => queryClient.setQueryData(siteQuery(site.name).queryKey, changed),
    onError: (error) => showToast({ kind: 'error', title: t('sleep.failed'), error }),
  })
  const say = (minutes: number) => {
    if (minutes % DAY === 0) return t('sleep.days', { count: minutes / DAY })
    return minutes % HOUR === 0 ? t('sleep.hours', { count: minutes / HOUR }) : t('sleep.minutes', { count: minutes })
  }
  const current = site.idleMinutes
  const choices =
    current === null || CHOICES_MINUTES.includes(current) ? CHOICES_MINUTES : [current, ...CHOICES_MINUTES]
  return (
    <>
      <label htmlFor="idle-time">{t('sleep.after')}</label>
      <select
        id="idle-time"
        className="form-select"
        value={(change.isPending ? change.variables : current) ?? NEVER}
        disabled={change.isPending}
        onChange={({ target }) => change.mutate(target.value === NEVER ? null : Number(target.value))}
      >
        {choices.map((minutes) => (
          <option key={minutes} value={minutes}>
            {say(minutes)}
          </option>
        ))}
        {(administrator || current === null) && <option value={NEVER}>{t('sleep.never')}</option>}
      </select>
    </>
  )
}

function SleepNow() {
  const { t } = useWords()
  const { name, state, operation } = useSite()
  const { mutate, isPending } = useMutation({
    mutationFn: () => sleepNow(name),
    onError: (error) => showToast({ kind: 'error', title: t('operation.failed.site.sleep', { subject: name }), error }),
  })
  return (
    <button
      type="button"
      className="btn btn-quiet"
      disabled={state !== 'running' || operation !== undefined || isPending}
      onClick={() => mutate()}
    >
      <Icon name="moon" />
      {t('sleep.now')}
    </button>
  )
}

/** When the site falls asleep, and the button that has it sleep now. */
export function SleepPanel() {
  const { t } = useWords()
  return (
    <section className="panel panel-body" aria-labelledby="sleep-title">
      <h2 id="sleep-title">{t('sleep.title')}</h2>
      <p className="text-body-secondary">{t('sleep.text')}</p>
      <div className="sleep-choice">
        <IdleTime />
        <SleepNow />
      </div>
    </section>
  )
}
