/** How a program that is started, or a call of the kernel, is made to fail. `late`: it does its work and then says that it failed. */
export const FAILURES = ['exit 1', 'ENOSPC', 'EIO', 'killed', 'silent', 'late'] as const
export type Failure = (typeof FAILURES)[number]

/** What a watched process is to do with its effects from now on. */
export interface EffectPlan {
  id: string
  mode: 'off' | 'record' | 'kill' | 'fail'
  /** Where it kills itself, or the effect that fails. */
  point?: string | undefined
  /** The same by number: the n-th moment that passes, whatever it is. */
  moment?: number | undefined
  how?: Failure | undefined
  /** Regular work (timers of 10 s and more) is done once, at once; the answer comes when it is over. */
  round?: boolean | undefined
}

/** One moment of one effect; `effect` names it, with its number among those of the same name since the plan began. */
export interface Moment {
  when: 'before' | 'begun' | 'after'
  effect: string
  isLook: boolean
}

export const pointOf = ({ when, effect }: Moment): string => `${when} ${effect}`
