/** Places with text that was typed and not saved; asked before a person leaves for good. */
const places = new Set<string>()

export function markUnsaved(place: string, unsaved: boolean): void {
  if (unsaved) places.add(place)
  else places.delete(place)
}

export function isAnythingUnsaved(): boolean {
  return places.size > 0
}
