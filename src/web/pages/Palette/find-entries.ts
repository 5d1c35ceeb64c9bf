/** Something that the palette leads to or does. */
export interface Entry {
  id: string
  label: string
  /** What kind of thing it is, or of which site. */
  note: string
}

const MOST = 40

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** How well an entry answers: lower is better, undefined is not at all. */
function rate(entry: Entry, words: string[]): number | undefined {
  const label = plain(entry.label)
  const text = `${label} ${plain(entry.note)}`
  if (!words.every((word) => text.includes(word))) return undefined
  const typed = words.join(' ')
  if (label === typed) return 0
  if (label.startsWith(typed)) return 1
  return words.every((word) => text.split(/[\s-]+/).some((part) => part.startsWith(word))) ? 2 : 3
}

/** The entries in which all words that were typed occur, the best first; accents and capitals do not matter. */
export function findEntries<E extends Entry>(entries: E[], typed: string): E[] {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  return entries
    .flatMap((entry) => {
      const rating = rate(entry, words)
      return rating === undefined ? [] : [{ entry, rating }]
    })
    .sort((a, b) => a.rating - b.rating)
    .slice(0, MOST)
    .map(({ entry }) => entry)
}
