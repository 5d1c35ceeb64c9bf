import { Link, NavLink } from 'react-router'
import { useMe } from '../../api/me.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { LanguageSwitch } from '../../parts/LanguageSwitch.js'
import { Mark } from '../../parts/Mark.js'
import { Menu } from '../../parts/Menu.js'
import { ThemeSwitch } from '../../parts/ThemeSwitch.js'
import { PaletteButton } from './PaletteButton.js'
import { PersonMenu } from './PersonMenu.js'
import { findPages } from './pages.js'

function PageLinks() {
  const { t } = useWords()
  const { administrator } = useMe()
  return (
    <ul className="nav-links">
      {findPages(administrator).map((page) => (
        <li key={page.to}>
          <NavLink to={page.to}>
            <Icon name={page.icon} />
            {t(page.text)}
          </NavLink>
        </li>
      ))}
    </ul>
  )
}

function QuotaPill() {
  const { t } = useWords()
  const { used, quota } = useMe()
  return (
    <span className="quota-pill" title={t('quota.title')}>
      {t('quota.pill', { used: used.sites, count: quota.sites })}
    </span>
  )
}

/** The bar on every page: where to go, language, theme, who is signed in. On small screens all but the mark and the person folds away. */
export function TopBar() {
  const { t } = useWords()
  return (
    <header className="top-bar">
      <div className="top-bar-inner">
        <Link to="/sites" className="brand">
          <Mark />
          Ruche
        </Link>
        <nav className="top-nav" aria-label={t('nav.main')}>
          <PageLinks />
        </nav>
        <PaletteButton />
        <div className="top-tools">
          <QuotaPill />
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
        <PersonMenu />
        <Menu label={t('nav.menu')} className="small-menu" button={<Icon name="list" size={22} />}>
          <nav aria-label={t('nav.main')}>
            <PageLinks />
          </nav>
          <div className="small-menu-tools">
            <LanguageSwitch />
            <ThemeSwitch />
          </div>
        </Menu>
      </div>
    </header>
  )
}
