import type { Command } from 'commander'
import type { Context } from './context.js'

/** Gives a command its arguments, options and action; `open` is called when the action runs. */
export type Define = (command: Command, open: () => Context) => void
