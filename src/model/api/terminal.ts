import * as z from 'zod'
import { TerminalSize } from '../terminal.js'
import { ofSite, table } from './entry.js'

/** A shell in a site. */
export const terminalApi = table({
  /** A ticket for one terminal, good for 30 s and for this session alone. */
  openTerminal: {
    method: 'POST',
    path: '/api/sites/:name/terminal',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ size: TerminalSize }).strict(),
    result: z.object({ ticket: z.string() }),
  },
  /**
   * A WebSocket: a shell as the site's user. Binary messages are what is typed and what is shown; text messages are JSON: `{resize: TerminalSize}` from the
   * browser, `{exitCode}` or `{error}` before the end.
   */
  joinTerminal: {
    method: 'GET',
    path: '/api/sites/:name/terminal',
    access: 'site.edit',
    params: ofSite,
    query: z.object({ ticket: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
    result: z.any(),
    socket: true,
  },
})
