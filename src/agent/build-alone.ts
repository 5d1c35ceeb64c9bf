import { parseArgs } from 'node:util'
import { AppError, asAppError, toErrorBody } from '../model/errors.js'
import { findStack, type Stack, stackName } from '../model/stack.js'
import type { TemplateInfo } from '../model/template-info.js'
import { onStarterGone } from './end-with-starter.js'
import { buildTemplate } from './rootfs/build-template.js'
import { listStacks } from './rootfs/recipe.js'

const USAGE = '--build-template STACK|--all --templates FOLDER --recipes FOLDER [--force]'

/**
 * Builds templates with no platform running: JSON lines `{progress}`…, then `{result: {templates}}` or `{error}` on standard output. Resolves with the exit code.
 * An end of the pipe that is our standard input, SIGINT and SIGTERM cancel it.
 */
export async function buildAlone(args: string[]): Promise<number> {
  const write = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
  try {
    const { stacks, templates, recipes, force } = await readArguments(args)
    const cancel = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancel.abort())
    onStarterGone(() => cancel.abort())
    const built: TemplateInfo[] = []
    for (const stack of stacks) {
      const note = (progress: object) => write({ progress: { ...progress, step: nameStep(stack, progress) } })
      const manifest = await buildTemplate(templates, recipes, stack, note, { force, signal: cancel.signal })
      const { digest, extra, suite, builtAt, sizeBytes, packages } = manifest
      built.push({
        digest,
        stack,
        extra,
        current: true,
        suite,
        builtAt,
        sizeBytes,
        packages: packages.length,
        containers: 0,
      })
    }
    write({ result: { templates: built } })
    return 0
  } catch (error) {
    write({ error: toErrorBody(asAppError(error), 'template') })
    if (!(error instanceof AppError)) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    return 1
  }
}

const nameStep = (stack: Stack, progress: object) =>
  `${stackName(stack)}${'step' in progress ? ` ${progress.step}` : ''}`.slice(0, 60)

async function readArguments(args: string[]) {
  const { values } = parseArgs({
    args: args.map((word, index) => (word === '--all' && args[index - 1] === '--build-template' ? 'all' : word)),
    options: {
      'build-template': { type: 'string' },
      templates: { type: 'string' },
      recipes: { type: 'string' },
      force: { type: 'boolean' },
    },
  })
  const { 'build-template': wanted, templates, recipes, force = false } = values
  if (!wanted || !templates || !recipes) throw new AppError('invalid', USAGE)
  if (wanted === 'all') return { stacks: await listStacks(recipes), templates, recipes, force }
  const stack = findStack(wanted)
  if (!stack) throw new AppError('invalid', `${wanted} is not the name of a stack.`)
  return { stacks: [stack], templates, recipes, force }
}
