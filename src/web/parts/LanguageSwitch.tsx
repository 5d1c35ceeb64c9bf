import { setLanguage } from '../i18n/i18n.js'
import { LANGUAGES, type Language } from '../i18n/language.js'
import { useWords } from '../i18n/use-words.js'
import { Icon } from './Icon.js'

export function LanguageSwitch() {
  const { t, language } = useWords()
  return (
    <label className="switch">
      <Icon name="translate" />
      <span className="visually-hidden">{t('general.language')}</span>
      <select value={language} onChange={(event) => void setLanguage(event.target.value as Language)}>
        {Object.entries(LANGUAGES).map(([name, words]) => (
          <option key={name} value={name} lang={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}
