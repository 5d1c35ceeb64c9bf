import { useWords } from '../i18n/use-words.js'
import { setTheme, THEMES, type Theme, useTheme } from '../theme.js'
import { Icon, type IconName } from './Icon.js'

const ICONS: Record<Theme, IconName> = { auto: 'circle-half', light: 'sun', dark: 'moon-stars' }

export function ThemeSwitch() {
  const { t } = useWords()
  const theme = useTheme()
  return (
    <label className="switch">
      <Icon name={ICONS[theme]} />
      <span className="visually-hidden">{t('general.theme')}</span>
      <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {t(`theme.${name}`)}
          </option>
        ))}
      </select>
    </label>
  )
}
