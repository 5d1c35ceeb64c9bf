import type {
  CallContext,
  Engine,
  ExecProgram,
  ExecStreams,
  SiteFiles,
  TemplateBuild,
  TerminalStreams,
} from '../../src/engine/engine.js'
import type { AgentEvent } from '../../src/model/calls.js'
import type { ContainerSpec, ContainerStatus } from '../../src/model/container.js'
import { AppError } from '../../src/model/errors.js'
import type { SitePrograms } from '../../src/model/site-programs.js'
import type { SshLook } from '../../src/model/ssh.js'
import type { StackChoices, TemplateInfo } from '../../src/model/template-info.js'
import { FakeAudit } from './fake-audit.js'
import { type FakeBackups, FakeShelf } from './fake-backups.js'
import { FAKE_CHOICES } from './fake-choices.js'
import { type FakeDatabase, FakeDatabases } from './fake-database.js'
import { FakeFiles } from './fake-files.js'
import { aborted, fakeShell, passOn, pause } from './fake-programs.js'
import { fakeHostStatus, fakeUsage, goodChecks, newFakeStatus } from './fake-status.js'
import { FakeTemplates, keyOf } from './fake-templates.js'
import type { FakeVerb } from './fake-verbs.js'

interface Cell {
  spec: ContainerSpec
  status: ContainerStatus
  files: FakeFiles
  log: { source: string; text: string }[]
  programs: SitePrograms
  ssh: SshLook
}

interface Rule {
  verb: FakeVerb
  id: string | undefined
}

/**
 * An engine in memory that answers as the real one does: phases, idempotent verbs, refusals, events. Tests make it slow, hold it, make it
 * fail, take it away, or crash its containers.
 */
export class FakeEngine implements Engine {
  /** Time that each verb takes, in milliseconds; steps share it. */
  delayMs: Partial<Record<FakeVerb, number>> = {}
  /** Time after which a container that crashed comes back by itself, in milliseconds; absent: only when told. */
  comebackMs: number | undefined
  /** Every call that was made, as `verb id`. */
  readonly calls: string[] = []
  readonly cells = new Map<string, Cell>()
  /** What the doctor is told. */
  checks = goodChecks()
  readonly audit = new FakeAudit()
  readonly readAudit = this.audit.read
  /** What was kept of destroyed containers. */
  readonly trash = new Map<string, FakeFiles>()
  private readonly databases = new FakeDatabases()
  private readonly shelf = new FakeShelf({
    act: (verb, id, context, steps) => this.act(verb, id, context, steps),
    find: (id) => this.getCell(id),
    create: (spec, context) => this.create(spec, context),
    setFiles: (id, files) => {
      this.getCell(id).files = files
    },
  })
  readonly stock = new FakeTemplates()
  private readonly followers = new Set<(event: AgentEvent) => void>()
  private readonly failures: (Rule & { error: AppError })[] = []
  private readonly holds: (Rule & { released: Promise<void> })[] = []
  private isDown = false

  constructor(built: string[] = ['nginx-php-none', 'nginx-php-mariadb', 'nginx-static-none']) {
    for (const name of built) this.stock.add(name)
  }

  // --- what tests control

  /** The next call of that verb (on that container) fails with this error. */
  failNext(verb: FakeVerb, error: AppError, id?: string): void {
    this.failures.push({ verb, id, error })
  }

  /** The next call of that verb (on that container) waits until the answered function is called. */
  holdNext(verb: FakeVerb, id?: string): () => void {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    this.holds.push({ verb, id, released })
    return release
  }

  /** The engine's process dies (containers live on) or comes back. */
  setDown(down: boolean): void {
    if (this.isDown === down) return
    this.isDown = down
    if (!down) for (const tell of this.followers) tell({ type: 'resync' })
  }

  /** A container dies by itself. The engine brings it back when `comeBack` is called, or by itself after `comebackMs`. */
  crash(id: string): void {
    this.setPhase(id, 'starting', {})
    if (this.comebackMs !== undefined) setTimeout(() => this.comeBack(id), this.comebackMs).unref()
  }

  /** What died is there again, as the real engine does it; with a reason it fails once more. */
  comeBack(id: string, reason?: string): void {
    const cell = this.cells.get(id)
    if (cell?.status.wanted !== 'running') return
    const restarts = cell.status.restarts + 1
    if (reason !== undefined) this.setPhase(id, 'failed', { reason, restarts })
    else this.setPhase(id, 'running', { restarts, startedAt: new Date().toISOString(), pid: 4243 })
  }

  /** A container was stopped, or a start of it failed, without our having asked: it stays so. */
  halt(id: string, phase: 'failed' | 'stopped' = 'stopped'): void {
    this.setPhase(id, phase, { wanted: 'stopped', ...(phase === 'failed' && { reason: 'It ended (signal 9).' }) })
  }

  /** A container vanishes without a trace. */
  lose(id: string): void {
    this.cells.delete(id)
    this.tell({ type: 'gone', id })
  }

  /** What a container was last given. */
  specOf(id: string): ContainerSpec | undefined {
    return this.cells.get(id)?.spec
  }

  // --- the engine

  async hostStatus(): ReturnType<Engine['hostStatus']> {
    this.answer()
    return fakeHostStatus([...this.cells.values()])
  }

  async create(spec: ContainerSpec, context: CallContext): Promise<ContainerStatus> {
    await this.act('create', spec.id, context, ['image', 'spec'])
    const there = this.cells.get(spec.id)
    if (there && JSON.stringify(there.spec) === JSON.stringify(spec)) return there.status
    if (there) throw new AppError('conflict', `There is a container ${spec.id} already.`)
    for (const cell of this.cells.values())
      if (cell.spec.address === spec.address || cell.spec.sftpPort === spec.sftpPort)
        throw new AppError('conflict', `The address is taken by ${cell.spec.id}.`)
    const template = this.stock.find(spec.stack)
    if (!template)
      throw new AppError('not_found', `There is no template for ${keyOf({ stack: spec.stack, extra: [] })}.`)
    const status = newFakeStatus(spec, template.digest)
    const files = FakeFiles.ofNewSite(spec.stack)
    const programs = { installing: false, programs: [], cron: [] }
    this.cells.set(spec.id, { spec, status, files, log: [], programs, ssh: { sessions: [] } })
    this.tell({ type: 'container', status })
    return status
  }

  async copy(from: string, spec: ContainerSpec, context: CallContext): Promise<ContainerStatus> {
    const source = this.getCell(from)
    if (spec.limits.diskBytes < source.spec.limits.diskBytes)
      throw new AppError('invalid', "The disk of a copy cannot be smaller than the original's.")
    await this.act('copy', spec.id, context, ['snapshot', 'identity'])
    const status = await this.create(spec, context)
    this.getCell(spec.id).files = source.files.clone()
    return status
  }

  async start(id: string, context: CallContext): Promise<ContainerStatus> {
    const cell = this.getCell(id)
    if (cell.status.phase === 'running') {
      await this.act('start', id, context, [])
      return this.setPhase(id, 'running', { wanted: 'running' })
    }
    const before = cell.status.wanted
    this.setPhase(id, 'starting', { wanted: 'running' })
    try {
      await this.act('start', id, context, ['launch', 'network', 'ready'])
    } catch (error) {
      if (this.cells.has(id) && !this.isDown)
        this.setPhase(id, 'failed', { reason: (error as Error).message, wanted: before })
      throw error
    }
    cell.log.push({ source: 'console', text: 'started' })
    return this.setPhase(id, 'running', { startedAt: new Date().toISOString(), restarts: 0, pid: 4242 })
  }

  async stop(id: string, context: CallContext): Promise<{ clean: boolean }> {
    const cell = this.getCell(id)
    if (cell.status.phase !== 'stopped') this.setPhase(id, 'stopping', { wanted: 'stopped' })
    await this.act('stop', id, context, [])
    this.setPhase(id, 'stopped', { wanted: 'stopped' })
    return { clean: true }
  }

  async sleep(id: string, context: CallContext): Promise<ContainerStatus> {
    const cell = this.getCell(id)
    await this.act('sleep', id, context, [])
    if (cell.status.phase !== 'running' && cell.status.phase !== 'asleep')
      throw new AppError('conflict', `${id} is not running.`)
    return this.setPhase(id, 'asleep', {})
  }

  async update(spec: ContainerSpec, context: CallContext): Promise<ContainerStatus> {
    const cell = this.getCell(spec.id)
    await this.act('update', spec.id, context, ['limits', 'settings'])
    if (spec.limits.diskBytes < cell.spec.limits.diskBytes) throw new AppError('invalid', 'A disk only grows.')
    cell.spec = spec
    const template = spec.template ?? cell.status.template
    return this.setPhase(spec.id, cell.status.phase, { limits: spec.limits, template })
  }

  async destroy(id: string, context: CallContext, key?: string): Promise<void> {
    await this.act('destroy', id, context, this.cells.has(id) ? ['stop', 'image'] : [])
    const cell = this.cells.get(id)
    if (cell && key !== undefined) this.trash.set(key, cell.files)
    if (this.cells.delete(id)) this.tell({ type: 'gone', id })
  }

  async untrash(key: string, spec: ContainerSpec, context: CallContext): Promise<ContainerStatus> {
    const files = this.trash.get(key)
    if (!files) throw new AppError('not_found', 'Nothing is kept of that site.')
    const status = await this.create(spec, context)
    this.getCell(spec.id).files = files
    this.trash.delete(key)
    return status
  }

  async purge(key: string): Promise<void> {
    this.answer()
    this.trash.delete(key)
  }

  backups(key: string): FakeBackups {
    this.answer()
    return this.shelf.of(key)
  }

  async surveyBackups(): ReturnType<Engine['surveyBackups']> {
    this.answer()
    return this.shelf.survey()
  }

  async doctor(): ReturnType<Engine['doctor']> {
    this.answer()
    return { checks: this.checks, resolvers: [] }
  }

  async probe(id: string): Promise<{ status: number | null }> {
    this.answer()
    return this.stock.pageOf(this.getCell(id).status)
  }

  async find(id: string): Promise<ContainerStatus | undefined> {
    await this.act('find', id, undefined, [])
    return this.cells.get(id)?.status
  }

  async list(): Promise<ContainerStatus[]> {
    await this.act('list', '', undefined, [])
    return [...this.cells.values()].map((cell) => ({ ...cell.status, ...fakeUsage(cell) }))
  }

  async exec(id: string, { argv }: ExecProgram, streams: ExecStreams, context: CallContext): Promise<number> {
    const cell = this.getCell(id)
    await this.act('exec', id, context, [])
    if (cell.status.phase !== 'running') throw new AppError('conflict', `${id} does not run.`)
    if (argv[0] === 'sleep') await aborted(context.signal)
    if (argv[0] === 'cat' && streams.stdin) await passOn(streams.stdin, streams.onStdout)
    else if (argv[0] === 'false') await streams.onStderr(Buffer.from('no\n'))
    else await streams.onStdout(Buffer.from(`${argv.join(' ')}\n`))
    return argv[0] === 'false' ? 1 : 0
  }

  async terminal(id: string, streams: TerminalStreams, context: CallContext): Promise<number> {
    const cell = this.getCell(id)
    await this.act('terminal', id, context, [])
    if (cell.status.phase !== 'running') throw new AppError('conflict', `${id} does not run.`)
    return fakeShell(streams, context.signal)
  }

  async ssh(id: string): Promise<SshLook> {
    this.answer()
    const { ssh } = this.getCell(id)
    const { sessions } = ssh
    ssh.sessions = sessions.filter(({ isOpen }) => isOpen)
    return { ...ssh, sessions }
  }

  async logs(id: string, lines: number): Promise<{ source: string; text: string }[]> {
    this.answer()
    return this.getCell(id).log.slice(-lines)
  }

  async programs(id: string): Promise<SitePrograms> {
    this.answer()
    const { status, programs } = this.getCell(id)
    return status.phase === 'running' ? programs : { installing: false, programs: [], cron: [] }
  }

  files(id: string): SiteFiles {
    this.answer()
    return this.getCell(id).files
  }

  database = (id: string): FakeDatabase => this.databases.find(this.getCell(id).spec)

  async choices(): Promise<StackChoices> {
    this.answer()
    return { ...FAKE_CHOICES, built: this.stock.listBuilt() }
  }

  async templates(): Promise<TemplateInfo[]> {
    this.answer()
    return this.stock.all.map((info) => ({ ...info, containers: this.users(info.digest).length })).reverse()
  }

  async checkTemplates(context: CallContext): Promise<TemplateInfo[]> {
    await this.act('checkTemplates', '', context, ['lists', 'compare'])
    this.stock.check()
    this.tell({ type: 'templates' })
    return this.templates()
  }

  async buildTemplate({ stack, extra = [], force }: TemplateBuild, context: CallContext): Promise<TemplateInfo> {
    await this.act('buildTemplate', keyOf({ stack, extra }), context, ['packages', 'recipe', 'digest'])
    const info = this.stock.build({ stack, extra }, force === true)
    this.tell({ type: 'templates' })
    return info
  }

  async removeTemplate(digest: string): Promise<void> {
    this.answer()
    if (this.users(digest).length > 0) throw new AppError('conflict', 'Containers use this template.')
    this.stock.remove(digest)
    this.tell({ type: 'templates' })
  }

  async reloadProxy(): Promise<void> {
    this.answer()
  }

  follow(onEvent: (event: AgentEvent) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    this.followers.add(onEvent)
    signal.addEventListener('abort', () => this.followers.delete(onEvent))
    if (!this.isDown) queueMicrotask(() => this.followers.has(onEvent) && onEvent({ type: 'resync' }))
  }

  // --- inside

  private answer(): void {
    if (this.isDown) throw new AppError('unavailable', 'The agent does not answer.')
  }

  private async act(verb: FakeVerb, id: string, context: CallContext | undefined, steps: string[]): Promise<void> {
    this.answer()
    this.calls.push(`${verb} ${id}`.trim())
    await this.takeRule(this.holds, verb, id)?.released
    const pauseMs = (this.delayMs[verb] ?? 0) / Math.max(1, steps.length)
    for (const [n, step] of (steps.length > 0 ? steps : [undefined]).entries()) {
      if (step !== undefined) context?.note?.({ step, percent: Math.round((100 * n) / steps.length) })
      if (pauseMs > 0) await pause(pauseMs, verb === 'buildTemplate' ? context?.signal : undefined)
    }
    this.answer()
    const failure = this.takeRule(this.failures, verb, id)
    if (failure) throw failure.error
    if (verb === 'buildTemplate') context?.signal?.throwIfAborted()
  }

  private takeRule<R extends Rule>(rules: R[], verb: FakeVerb, id: string): R | undefined {
    const n = rules.findIndex((rule) => rule.verb === verb && (rule.id === undefined || rule.id === id))
    return n < 0 ? undefined : rules.splice(n, 1)[0]
  }

  private getCell(id: string): Cell {
    this.answer()
    const cell = this.cells.get(id)
    if (!cell) throw new AppError('not_found', `There is no container ${id}.`)
    return cell
  }

  private setPhase(id: string, phase: ContainerStatus['phase'], change: Partial<ContainerStatus>): ContainerStatus {
    const cell = this.getCell(id)
    const { reason: _, ...before } = cell.status
    cell.status = { ...before, phase, ...change }
    if (phase === 'stopped' || phase === 'failed') {
      delete cell.status.pid
      delete cell.status.startedAt
    }
    this.tell({ type: 'container', status: cell.status })
    return cell.status
  }

  private users(digest: string): Cell[] {
    return [...this.cells.values()].filter((cell) => cell.status.template === digest)
  }

  private tell(event: AgentEvent): void {
    if (!this.isDown) for (const tell of this.followers) tell(event)
  }
}
