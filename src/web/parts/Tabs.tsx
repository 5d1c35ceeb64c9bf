import { type ReactNode, useEffect, useRef } from 'react'
import { NavLink, useLocation } from 'react-router'

interface Props {
  label: string
  /** `to` is relative to the page that has the tabs; `.` is its own first one. */
  tabs: readonly { to: string; label: ReactNode }[]
}

/** Pages that belong together, each with an address of its own. */
export function Tabs({ label, tabs }: Props) {
  const ref = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // On a telephone only some are in view: the open one is among them.
  useEffect(() => {
    if (pathname) ref.current?.querySelector('.active')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [pathname])
  return (
    <nav ref={ref} className="tabs" aria-label={label}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.to}>
            <NavLink to={tab.to} end={tab.to === '.'}>
              {tab.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
