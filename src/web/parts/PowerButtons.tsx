import type { Site } from '../../model/site.js'
import { findPowerVerbs, type PowerVerb, usePower } from '../api/power.js'
import { useWords } from '../i18n/use-words.js'
import { Icon, type IconName } from './Icon.js'
import { showToast } from './toasts.js'

export const POWER_ICONS: Record<PowerVerb, IconName> = {
  start: 'play-fill',
  stop: 'stop-fill',
  restart: 'arrow-clockwise',
}

/** Start, stop, restart: those that make sense now. In table rows only their pictures are shown. */
export function PowerButtons({ site, compact = false }: { site: Site; compact?: boolean }) {
  const { t } = useWords()
  const power = usePower(site.name)
  const busy = power.isPending || site.operation !== undefined
  const act = (verb: PowerVerb) =>
    power.mutate(verb, {
      onError: (error) =>
        showToast({ kind: 'error', title: t(`operation.failed.site.${verb}`, { subject: site.name }), error }),
    })
  return (
    <>
      {findPowerVerbs(site).map((verb) => (
        <button
          key={verb}
          type="button"
          className={compact ? 'icon-button' : 'btn btn-quiet'}
          disabled={busy}
          {...(compact && { title: t(`power.${verb}`), 'aria-label': t(`power.${verb}Which`, { name: site.name }) })}
          onClick={() => act(verb)}
        >
          <Icon name={POWER_ICONS[verb]} />
          {!compact && t(`power.${verb}`)}
        </button>
      ))}
    </>
  )
}
