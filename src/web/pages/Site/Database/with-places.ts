/** Things that have no name of their own but their place: rows, columns that may be called alike, results. */
export function withPlaces<T>(items: readonly T[]): { item: T; place: number }[] {
  return items.map((item, place) => ({ item, place }))
}
