import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation, useNavigationType } from 'react-router'

/** The page's heading: gives the document its title, and takes the focus after a navigation so that screen readers say where one is. */
export function PageHeader({ title, children, below }: { title: string; children?: ReactNode; below?: ReactNode }) {
  const ref = useRef<HTMLHeadingElement>(null)
  const { key } = useLocation()
  const first = key === 'default'
  const pushed = useNavigationType() !== 'POP'
  useEffect(() => {
    document.title = `${title} · Ruche`
  }, [title])
  useEffect(() => {
    if (!first && pushed) ref.current?.focus({ preventScroll: true })
  }, [first, pushed])
  return (
    <header className="page-header">
      <div className="page-title">
        <h1 ref={ref} tabIndex={-1}>
          {title}
        </h1>
        {below}
      </div>
      {children && <div className="page-actions">{children}</div>}
    </header>
  )
}
