import { AppError } from '../../model/errors.js'
import type { TemplateService } from '../../model/template.js'

/** Pure: which service did not answer while a container started, and whose recipe that is. `reason`: the launcher's words, which end with the probes. */
export function describeSilence(services: readonly TemplateService[], reason: string): AppError {
  const words = reason.split(' ')
  const silent = services.find(({ ready }) => ready.some((probe) => words.includes(probe)))
  const which = silent?.recipe === undefined ? silent?.name : `${silent.name} of the recipe ${silent.recipe}`
  const what = which === undefined ? "The container's services" : `The service ${which}`
  return new AppError('timed_out', `${what} did not answer in time (${reason}).`, { hint: "The site's log says why." })
}
