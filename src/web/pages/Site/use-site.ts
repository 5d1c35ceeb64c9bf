import { useOutletContext } from 'react-router'
import type { Site } from '../../../model/site.js'

/** The site whose page this is; its tabs are only shown once it is known. */
export function useSite(): Site {
  return useOutletContext<Site>()
}
