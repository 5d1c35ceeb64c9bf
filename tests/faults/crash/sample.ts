/** `RUCHE_FAULTS=all`: every trial is made. Otherwise each kind of trial once, which shows the same promises in a fraction of the time. */
export const IS_WHOLE = process.env.RUCHE_FAULTS === 'all'

/**
 * Pure: one item of each kind, always the same ones. Kinds that several items share take them in turn, the first kind its first, the second its
 * second and so on: so what is chosen is spread over all of them.
 */
export function chooseOnePerKind<T>(items: readonly T[], kindOf: (item: T) => string): T[] {
  const kinds = new Map<string, T[]>()
  for (const item of items) kinds.set(kindOf(item), [...(kinds.get(kindOf(item)) ?? []), item])
  return [...kinds.values()].flatMap((same, index) => same.slice(index % same.length).slice(0, 1))
}
