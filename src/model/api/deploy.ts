import { DeployState } from '../deploy.js'
import { ofSite, Started, table } from './entry.js'

/** What people push with git. */
export const deployApi = table({
  /** What is deployed, and what was before. */
  deployState: {
    method: 'GET',
    path: '/api/sites/:name/deploy',
    access: 'site.edit',
    params: ofSite,
    result: DeployState,
  },
  /** Brings back what was deployed before; done twice it goes forth again. */
  undoDeploy: {
    method: 'POST',
    path: '/api/sites/:name/deploy/undo',
    access: 'site.edit',
    params: ofSite,
    result: Started,
  },
})
