import { isBehind, type PendingUpdate, type TemplateInfo } from '../../../model/template-info.js'
import { useWords } from '../../i18n/use-words.js'

/** More are not listed one by one. */
const SHOWN = 12

function PackageList({ packages }: { packages: PendingUpdate[] }) {
  const { t } = useWords()
  return (
    <ul className="update-list">
      {packages.slice(0, SHOWN).map(({ name, from, to }) => (
        <li key={name}>
          <strong>{name}</strong> {from} → {to}
        </li>
      ))}
      {packages.length > SHOWN && <li>{t('templates.more', { count: packages.length - SHOWN })}</li>}
    </ul>
  )
}

/** What a template lacks: how many, and which ones when asked; a dash while nobody knows. */
export function UpdatesCell({ template }: { template: TemplateInfo }) {
  const { t, ago } = useWords()
  const { updates } = template
  if (!updates) return <span title={t('templates.unknown')}>–</span>
  const checked = t('templates.checked', { ago: ago(updates.checkedAt) })
  if (!isBehind(template))
    return (
      <span className="text-body-secondary" title={checked}>
        {t('templates.upToDate')}
      </span>
    )
  const { packages, recipesChanged } = updates
  const security = packages.filter((one) => one.security).length
  return (
    <details className="updates" title={checked}>
      <summary>
        {security > 0 && <span className="badge text-bg-danger">{t('templates.security', { count: security })}</span>}
        {packages.length > security && (
          <span className="badge text-bg-warning">{t('templates.pending', { count: packages.length - security })}</span>
        )}
        {recipesChanged && <span className="badge text-bg-secondary">{t('templates.recipes')}</span>}
      </summary>
      {packages.length > 0 && (
        <PackageList packages={[...packages].sort((a, b) => Number(b.security) - Number(a.security))} />
      )}
    </details>
  )
}
