import * as z from 'zod'
import type { Deployed, DeployState } from '../../model/deploy.js'
import { AppError } from '../../model/errors.js'
import { makeLineSplitter } from '../../model/line-splitter.js'
import type { Operation } from '../../model/operation.js'
import type { Note } from '../../model/progress.js'
import type { SshLook } from '../../model/ssh.js'
import { visibleText } from '../../model/visible-text.js'
import type { Work } from '../operations/operations.js'
import type { By, SitesContext } from './context.js'
import { getReadySite } from './ready-site.js'

const PROGRAM = '/usr/lib/ruche/deploy'
const DEPLOY_MS = 20 * 60_000
const STATE_MS = 10_000
const MOST_STATE_BYTES = 16 * 1024
const MOST_LINE_CHARACTERS = 500

/** What the program in the site says by its exit code. */
const REFUSALS: Record<number, [ConstructorParameters<typeof AppError>[0], string]> = {
  30: ['not_found', 'The repository has no such commit.'],
  31: ['busy', 'Something is being deployed already.'],
  32: ['conflict', 'This push was deployed by somebody else.'],
}

/** Deploys what somebody pushed and waits for. While something else is done with the site it waits too: the next look takes it up. */
export async function deployPush(
  context: SitesContext,
  name: string,
  { id, commit }: NonNullable<SshLook['request']>,
  by: By,
): Promise<void> {
  const begun = begin(context, name, by, ['push', id, commit])
  await begun.catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === 'busy')) throw error
  })
}

/** Deploys a commit that the repository has; the one that was deployed before when none is named. */
export async function deployCommit(context: SitesContext, name: string, by: By): Promise<Operation> {
  const { previous } = await readDeployState(context, name, by)
  if (!previous) throw new AppError('conflict', 'Nothing was deployed before.')
  return begin(context, name, by, ['commit', previous.commit])
}

async function begin(context: SitesContext, name: string, by: By, argv: string[]): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.deploy',
    subject: name,
    by,
    cancellable: true,
    prepare: () => getReadySite(context.register.db, name),
    run: (work) => run(context, name, { by, argv }, work),
  })
  return operation
}

async function run(
  { engine }: SitesContext,
  name: string,
  { by, argv }: { by: By; argv: string[] },
  { note, signal }: Work,
): Promise<void> {
  const read = readSteps(note)
  const streams = { onStdout: read, onStderr: read }
  const program = { argv: [PROGRAM, ...argv], timeoutMs: DEPLOY_MS }
  const exitCode = await engine.exec(name, program, streams, { actor: by, signal })
  if (exitCode === 0) return
  const [code, message] = REFUSALS[exitCode] ?? ['host_failed', 'It could not be deployed; the log says why.']
  throw new AppError(code, message)
}

/** Lines of the program as progress: `== NAME` begins a step. What a site says is only ever text. */
export function readSteps(note: Note): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder()
  let step = 'deploy'
  const splitter = makeLineSplitter((line) => {
    const begun = /^== ([a-z]{1,20})$/.exec(line)?.[1]
    if (begun !== undefined) step = begun
    const message = visibleText(line).slice(0, MOST_LINE_CHARACTERS)
    note(begun === undefined && message !== '' ? { step, message } : { step })
  })
  return (chunk) => {
    // A line without an end is not kept for ever.
    if (!splitter.add(decoder.decode(chunk, { stream: true }))) splitter.add('\n')
  }
}

/** What is deployed now and what was before, as the site says. Nothing when it does not run or has no repository. */
export async function readDeployState({ engine }: SitesContext, name: string, by: By): Promise<DeployState> {
  let text = ''
  const onStdout = (chunk: Uint8Array) => {
    if (text.length < MOST_STATE_BYTES) text += Buffer.from(chunk).toString('utf8')
  }
  const program = { argv: [PROGRAM, 'state'], timeoutMs: STATE_MS }
  await engine.exec(name, program, { onStdout, onStderr: () => undefined }, { actor: by })
  return parseDeployState(text)
}

/** Pure. */
export function parseDeployState(text: string): DeployState {
  const find = (key: string): Deployed | undefined => {
    const [, commit, seconds, subject = ''] =
      new RegExp(`^${key} ([0-9a-f]{40}) (\\d{1,11}) (.*)$`, 'm').exec(text) ?? []
    if (commit === undefined) return undefined
    return { commit, at: new Date(Number(seconds) * 1000).toISOString(), subject: visibleText(subject).slice(0, 200) }
  }
  const branch = z
    .string()
    .max(200)
    .safeParse(/^branch (.+)$/m.exec(text)?.[1]).data
  const [deployed, previous] = [find('deployed'), find('previous')]
  return {
    ...(branch !== undefined && { branch: visibleText(branch) }),
    ...(deployed && { deployed }),
    ...(previous && { previous }),
  }
}
