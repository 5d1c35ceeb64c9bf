import type * as z from 'zod'
import type { OperationStep } from '../../model/operation.js'

type Step = z.infer<typeof OperationStep>

export interface ShownStep extends Step {
  /** Distinguishes steps of the same name. */
  key: string
}

/** Steps that run side by side tell in turns: within this many steps the same name is the same step. */
const NEAR = 3

/** The steps as a person should see them: what came in turns is one step, with its time together. */
export function mergeSteps(steps: readonly Step[]): ShownStep[] {
  const shown: ShownStep[] = []
  for (const step of steps) {
    const near = shown.slice(-NEAR).find(({ name }) => name === step.name)
    if (!near) shown.push({ ...step, key: `${step.name} ${shown.filter(({ name }) => name === step.name).length}` })
    else if (step.durationMs === undefined) delete near.durationMs
    else near.durationMs = (near.durationMs ?? 0) + step.durationMs
  }
  return shown
}
