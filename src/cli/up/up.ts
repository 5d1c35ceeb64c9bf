import type { Client } from '../../client/client.js'
import { AppError, asAppError } from '../../model/errors.js'
import type { Context } from '../context.js'
import { openProgressView } from '../progress-view.js'
import { renderError } from '../render-error.js'
import { openPaint } from '../styles.js'
import { ensureFirstSite, ensureFirstTemplate, waitForAnswer } from './demo/first-site.js'
import { planPaths } from './paths.js'
import { type Running, type Start, startPlatform } from './platform.js'
import type { Prepared } from './prepare.js'
import { openChildrenFile } from './previous-children.js'
import { type Report, renderReport } from './report.js'
import { openSteps, type Steps } from './steps.js'
import { listenForStop } from './stop-request.js'
import { takeDown } from './take-down.js'

export interface UpOptions {
  demo: boolean
  /** Whether a demonstration builds the other templates once it is up. */
  background: boolean
}

/** Runs the whole platform until it is asked to end, then ends it cleanly. */
export async function up(context: Context, options: UpOptions): Promise<void> {
  assertRoot()
  const began = performance.now()
  const view = openProgressView(process.stderr, context.json)
  const steps = openSteps(view)
  const stop = listenForStop(() => steps.say(`Still ${steps.current() ?? 'ending'}.`))
  const paths = planPaths(context.root)
  const running: Running = { locks: [], children: openChildrenFile(paths.children) }
  const { client, configFile } = context
  const { demo } = options
  const background = new AbortController()
  let building: Promise<void> | undefined
  try {
    const start: Start = { paths, configFile, demo, client, steps, signal: stop.signal }
    const prepared = await startPlatform(start, running)
    const siteUrl = demo ? await showFirstSite(start, prepared).catch(tellFailure(start)) : undefined
    const report = await makeReport(context, prepared, siteUrl, performance.now() - began)
    context.print(report, () => renderReport(report, openPaint(process.stdout, process.env)))
    if (!prepared.configuration.directory)
      steps.say('No [directory] is configured: nobody can sign in, only the command line works.')
    if (demo && options.background) building = buildOthers(client, steps, background.signal)
    await stop.asked
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    background.abort()
    await building
    await takeDown(paths, running, steps)
    steps.close()
    stop.close()
  }
}

function assertRoot(): void {
  if (process.getuid?.() !== 0)
    throw new AppError('forbidden', 'ruche up must be run by root: containers need it.', { hint: 'sudo ruche up' })
}

async function showFirstSite(start: Start, { reach }: Prepared): Promise<string | undefined> {
  const { paths, steps, signal } = start
  await steps.run('template for the first site', (note) => ensureFirstTemplate({ ...start, say: steps.say }, note))
  const site = await steps.run('first site', (note) => ensureFirstSite(start, note))
  if (!site) return undefined
  const address = reach.loopback[0] ?? '127.0.0.1'
  if (site.wanted === 'running')
    await steps.run(`answer of ${site.url}`, () => waitForAnswer(site, paths.caFile, address, signal))
  return site.url
}

// Without its first site a demonstration is still one, and can be looked into.
const tellFailure =
  ({ steps, signal }: Start) =>
  (error: unknown): undefined => {
    signal.throwIfAborted()
    steps.say(renderError(asAppError(error), openPaint(process.stderr, process.env)).trimEnd())
  }

async function makeReport(
  { client }: Context,
  { configuration, paths, sampleAccounts }: Prepared,
  siteUrl: string | undefined,
  tookMs: number,
): Promise<Report> {
  const { panelUrl, caFile } = await client.call('platform')
  return {
    panelUrl,
    baseDomain: configuration.names.base_domain,
    httpPort: configuration.host.http_port,
    httpsPort: configuration.host.https_port,
    caFile: caFile ?? paths.caFile,
    sampleAccounts,
    siteUrl,
    tookMs,
  }
}

// People can use what is there meanwhile: the server lets what somebody waits for go first.
async function buildOthers(client: Client, { say }: Steps, signal: AbortSignal): Promise<void> {
  let operation: string | undefined
  try {
    operation = (await client.call('updateTemplates', { body: { missing: true } })).operation
    await client.waitForOperation(operation, () => undefined, signal)
    say('The templates of all stacks are built.')
  } catch (error) {
    if (!signal.aborted) say(`Not all templates could be built: ${asAppError(error).message}`)
    // Else the server would wait for it when it is told to end.
    else if (operation) await client.call('cancelOperation', { params: { id: operation } }).catch(() => undefined)
  }
}
