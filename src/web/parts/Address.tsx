import { useWords } from '../i18n/use-words.js'
import { CopyButton } from './CopyButton.js'
import { Icon } from './Icon.js'

/** A site's address without the part that says nothing: `shop.example.org`. */
export function shortAddress(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '')
}

/** A link to the site, in a tab of its own. */
export function Address({ url, copy = false }: { url: string; copy?: boolean }) {
  const { t } = useWords()
  return (
    <span className="address">
      <a href={url} target="_blank" rel="noreferrer">
        {shortAddress(url)}
        <Icon name="box-arrow-up-right" size={11} />
        <span className="visually-hidden">{t('general.newTab')}</span>
      </a>
      {copy && <CopyButton text={url} what={t('site.address')} />}
    </span>
  )
}
