/** French sets a blank before double signs and inside its quotes at which no line may break (U+202F; before the colon U+00A0). */
export function setFineSpaces<T>(texts: T): T {
  if (typeof texts === 'string')
    return texts
      .replace(/ ([?!;»])/g, '\u202f$1')
      .replace(/« /g, '«\u202f')
      .replace(/ :/g, '\u00a0:') as T
  if (typeof texts !== 'object' || texts === null) return texts
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, setFineSpaces(value)])) as T
}
