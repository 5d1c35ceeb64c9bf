import * as z from 'zod'

const Cells = z.int().min(1).max(1000)

/** How large a terminal is, in characters. */
export const TerminalSize = z.object({ rows: Cells, columns: Cells }).strict()
export type TerminalSize = z.infer<typeof TerminalSize>
