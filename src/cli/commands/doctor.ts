import type { Command } from 'commander'
import type { Context } from '../context.js'
import { examine } from '../doctor/examine.js'
import { renderExamination } from '../doctor/render-examination.js'
import { exitCodes } from '../exit-codes.js'

export function defineDoctor(command: Command, open: () => Context): void {
  command.action(async () => {
    const context = open()
    const view = context.openProgress()
    const examination = await examine(context, (step, percent) => view.show(step, undefined, percent)).finally(() =>
      view.close(),
    )
    context.print(examination, () => renderExamination(examination, context.paint))
    if (examination.checks.some(({ level }) => level === 'broken')) process.exitCode = exitCodes.host_failed
  })
}
