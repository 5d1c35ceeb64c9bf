import { useWords } from '../../i18n/use-words.js'
import { reconnectLive, useLiveState } from '../../live.js'
import { Icon } from '../../parts/Icon.js'

/** Says that what is shown may be old, while the stream of changes is cut. Goes away by itself. */
export function LiveBanner() {
  const { t } = useWords()
  const live = useLiveState()
  return (
    <div role="status">
      {live === 'cut' && (
        <div className="banner">
          <Icon name="wifi-off" />
          <span>{t('live.cut')}</span>
          <button type="button" className="btn btn-sm btn-quiet" onClick={reconnectLive}>
            {t('action.tryAgain')}
          </button>
        </div>
      )}
    </div>
  )
}
