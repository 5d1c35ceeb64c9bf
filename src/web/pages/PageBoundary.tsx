import { Component, type ReactNode } from 'react'
import { useLocation } from 'react-router'
import { useWords } from '../i18n/use-words.js'
import { ErrorNote } from '../parts/ErrorNote.js'

function PageFailed({ error }: { error: Error }) {
  const { t } = useWords()
  return (
    <div className="narrow">
      <ErrorNote title={t('error.pageTitle')} error={error} onRetry={() => window.location.reload()} />
    </div>
  )
}

interface Props {
  children: ReactNode
}

class Boundary extends Component<Props, { error?: Error }> {
  override state: { error?: Error } = {}

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    return this.state.error ? <PageFailed error={this.state.error} /> : this.props.children
  }
}

/** Keeps a page that breaks, or cannot be loaded (an old tab after an update), from taking the others with it. */
export function PageBoundary({ children }: Props) {
  const { pathname } = useLocation()
  return <Boundary key={pathname.split('/').slice(0, 3).join('/')}>{children}</Boundary>
}
