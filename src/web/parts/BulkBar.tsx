import { lazy, Suspense } from 'react'
import { needWords } from '../i18n/i18n.js'
import type { BulkProps } from './BulkActions.js'

const BulkActions = lazy(async () => {
  const [{ BulkActions }] = await Promise.all([import('./BulkActions.js'), needWords('later')])
  return { default: BulkActions }
})

/** The bar of what can be done with the selected sites. Loaded when the first one is: most people never select any. */
export function BulkBar(props: BulkProps) {
  return (
    <Suspense>
      <BulkActions {...props} />
    </Suspense>
  )
}
