import { createHash } from 'node:crypto'
import { AppError } from '../../src/model/errors.js'
import { findStack, type Stack, stackName } from '../../src/model/stack.js'
import type { PendingUpdate, TemplateInfo } from '../../src/model/template-info.js'

type Kind = Pick<TemplateInfo, 'stack' | 'extra'>

/** Built templates that are nothing but words. */
export class FakeTemplates {
  /** In the order in which they were built. */
  readonly all: TemplateInfo[] = []
  /** What the next look at the archive finds newer, by stack and packages (`nginx-php-none+git`); nothing: all is up to date. */
  readonly pending = new Map<string, PendingUpdate[]>()

  /** What the page of a container answers on a template, as `ID DIGEST`; 200 when nothing is said. */
  readonly pages = new Map<string, number | null>()

  pageOf({ id, template }: { id: string; template: string }): { status: number | null } {
    const status = this.pages.get(`${id} ${template}`)
    return { status: status === undefined ? 200 : status }
  }

  /** Another one of the same stack and packages is what new sites then use. */
  add(name: string, extra: string[] = []): TemplateInfo {
    const stack = findStack(name)
    if (!stack) throw new Error(`not a stack: ${name}`)
    for (const one of this.all) if (keyOf(one) === keyOf({ stack, extra })) one.current = false
    const info: TemplateInfo = {
      digest: createHash('sha256').update(`${name} ${extra} ${this.all.length}`).digest('hex'),
      stack,
      extra,
      current: true,
      suite: 'bookworm',
      builtAt: new Date().toISOString(),
      sizeBytes: 300 * 1024 ** 2,
      packages: 180,
      containers: 0,
    }
    this.all.push(info)
    return info
  }

  /** Names of the stacks of which sites without packages of their own can be made. */
  listBuilt(): string[] {
    return this.all.filter(({ current, extra }) => current && extra.length === 0).map(({ stack }) => stackName(stack))
  }

  find(stack: Stack, extra: string[] = []): TemplateInfo | undefined {
    return this.all.find((one) => one.current && keyOf(one) === keyOf({ stack, extra }))
  }

  build(kind: Kind, force: boolean): TemplateInfo {
    const same = this.find(kind.stack, kind.extra)
    if (same && !force) return same
    this.pending.delete(keyOf(kind))
    return this.add(stackName(kind.stack), kind.extra)
  }

  check(): void {
    const checkedAt = new Date().toISOString()
    for (const one of this.all) {
      const packages = one.current ? (this.pending.get(keyOf(one)) ?? []) : []
      one.updates = { checkedAt, packages, recipesChanged: false }
    }
  }

  remove(digest: string): void {
    const index = this.all.findIndex((info) => info.digest === digest)
    if (index < 0) throw new AppError('not_found', 'There is no such template.')
    this.all.splice(index, 1)
  }

  /** No template of that stack is there any more; without a name: none at all. */
  forget(name?: string): void {
    const kept = name === undefined ? [] : this.all.filter((one) => stackName(one.stack) !== name)
    this.all.splice(0, this.all.length, ...kept)
  }
}

/** One word for a stack and its further packages. */
export function keyOf({ stack, extra }: Kind): string {
  return [stackName(stack), ...extra].join('+')
}
