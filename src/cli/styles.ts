const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

export type Style = keyof typeof CODES
/** Words in a style, or as they are where colours are not wanted. */
export type Paint = (style: Style, text: string) => string

interface Target {
  isTTY?: boolean | undefined
}

/** Colours go to terminals only, never when NO_COLOR is set (no-color.org) or the terminal is `dumb`. */
export function openPaint(target: Target, environment: Record<string, string | undefined>): Paint {
  const wanted = target.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
  if (!wanted) return (_, text) => text
  return (style, text) => `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`
}
