import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type EffectPlan, type Moment, pointOf } from './effects/effect-plan.js'
import { until } from './programs.js'

/** The effects of one agent or server: recorded, or ended at one of them. */
export interface Effects {
  /** Environment in which the process is to be started. */
  env: Record<string, string>
  /** What the next process does from its first moment on. */
  prepare(plan: Omit<EffectPlan, 'id'>): Promise<void>
  /** What the living process does from now on; answers the moments that have passed under the plan before. */
  tell(pid: number, plan: Omit<EffectPlan, 'id'>): Promise<Moment[]>
}

/** `root`: the folder of the platform, which no name of an effect contains. */
export async function openEffects(root: string, name: string): Promise<Effects> {
  const folder = join(root, `effects-${name}`)
  await mkdir(folder, { recursive: true })
  const preload = join(root, 'effects.mjs')
  await build({
    entryPoints: ['tests/helpers/effects/preload.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: preload,
    logLevel: 'error',
  })
  let plans = 0
  const write = async (plan: Omit<EffectPlan, 'id'>): Promise<string> => {
    const id = String(++plans)
    await rm(join(folder, 'answer'), { force: true })
    await writeFile(join(folder, 'plan'), JSON.stringify({ id, ...plan }))
    return id
  }
  return {
    env: { NODE_OPTIONS: `--import ${preload}`, RUCHE_EFFECTS: folder, RUCHE_EFFECTS_ROOT: root },
    prepare: async (plan) => void (await write(plan)),
    tell: async (pid, plan) => {
      const id = await write(plan)
      process.kill(pid, 'SIGUSR2')
      return until('the plan was taken', async () => {
        const answer = JSON.parse(await readFile(join(folder, 'answer'), 'utf8')) as { id: string; moments: Moment[] }
        return answer.id === id && answer.moments
      })
    },
  }
}

/**
 * Pure: the points of a recording that leave the world different from one another. Between an effect that is over and the next that begins the process
 * has done nothing, so dying at the one is dying at the other; and what only looks leaves all as it is.
 */
export function distinctPoints(moments: readonly Moment[]): string[] {
  const changes = moments.filter(({ isLook }) => !isLook)
  const points = changes.filter(({ when }, index) => when !== 'before' || changes[index - 1]?.when !== 'after')
  return [...new Set(points.map(pointOf))]
}

/** The changes of a recording, by name. */
export function changesOf(moments: readonly Moment[]): string[] {
  return moments.filter(({ when, isLook }) => when === 'before' && !isLook).map(({ effect }) => effect)
}
