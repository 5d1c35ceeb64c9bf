import type { Engine } from '../../engine/engine.js'
import type { Configuration } from '../../model/configuration.js'
import { type Check, type Examination, sortChecks, unknownCheck } from '../../model/doctor.js'
import type { CheckId } from '../../model/doctor-checks.js'
import { asAppError } from '../../model/errors.js'
import type { Directory } from '../access/directory.js'
import type { Log } from '../log.js'
import type * as frontProxy from '../proxy/proxy.js'
import type { Register } from '../register/register.js'
import type { Observed } from '../sites/observed.js'
import { examineBootPrograms } from './boot-programs.js'
import { examineCopies } from './copies.js'
import { examineDirectory } from './directory.js'
import { examineHost } from './host.js'
import { examineOwnPower } from './own-power.js'
import { examineResolvers } from './resolvers.js'
import { examineSites } from './sites.js'

/** Looks at everything on demand. */
export interface Doctor {
  /** `actor` goes into the agent's audit log. */
  run(actor: string): Promise<Examination>
}

export interface Patient {
  configuration: Configuration
  engine: Engine
  register: Register
  observed: Observed
  proxy: Pick<frontProxy.Proxy, 'examine'>
  directory: Directory | undefined
  log: Log
  now: () => Date
}

export function openDoctor(patient: Patient): Doctor {
  let running: Promise<Examination> | undefined
  return {
    run: (actor) => {
      running ??= examine(patient, actor).finally(() => {
        running = undefined
      })
      return running
    },
  }
}

async function examine(patient: Patient, actor: string): Promise<Examination> {
  const { configuration, engine, register, observed, proxy, directory, log, now } = patient
  const began = performance.now()
  const at = now().toISOString()
  const look = async (ids: readonly CheckId[], work: () => Promise<Check[]>): Promise<Check[]> => {
    try {
      return await work()
    } catch (error) {
      log.warn({ err: error, ids }, 'the doctor could not look')
      return ids.map((id) => unknownCheck(id, asAppError(error).message))
    }
  }
  // First what the agent mends or makes nothing of, so that its own work is not what is found.
  const own = await Promise.all([
    look(['proxy.configuration', 'proxy.unknown-names', 'proxy.certificates'], () => proxy.examine()),
    look(['directory.reachable'], () => examineDirectory(directory, configuration)),
    look(['platform.server'], examineOwnPower),
    look(['platform.sites'], () => examineSites(register, observed)),
    look(['files.copies'], () => examineCopies(register, configuration, now())),
    look(['machine.services'], () => examineBootPrograms(configuration)),
  ])
  const { checks, resolvers } = await examineHost(engine, actor)
  const names = await look(['network.resolver'], () => examineResolvers(resolvers))
  return { at, tookMs: Math.round(performance.now() - began), checks: sortChecks([...own.flat(), ...checks, ...names]) }
}
