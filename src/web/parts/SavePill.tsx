import { useWords } from '../i18n/use-words.js'
import { Spinner } from './Spinner.js'

interface Props {
  busy: boolean
  onReset: () => void
}

/** Floats over a form with changes: one save for all of it. Stands inside the form that it submits. */
export function SavePill({ busy, onReset }: Props) {
  const { t } = useWords()
  return (
    <section className="save-pill" aria-label={t('save.label')}>
      <p role="status">{t('save.unsaved')}</p>
      <button type="button" className="btn btn-quiet" disabled={busy} onClick={onReset}>
        {t('save.reset')}
      </button>
      <button type="submit" className="btn btn-primary" disabled={busy}>
        {busy && <Spinner />}
        {t('action.save')}
      </button>
    </section>
  )
}
