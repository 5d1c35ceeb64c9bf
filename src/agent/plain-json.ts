/** JSON of printable ASCII alone: whoever reads a log on a terminal sees what was written, whatever names and words of others are in it. */
export function plainJson(value: object): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
