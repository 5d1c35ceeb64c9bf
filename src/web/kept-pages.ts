import { isAnythingUnsaved } from './unsaved.js'

/** A page that the browser kept for its back button may be of a session that has ended: it is loaded afresh, unless that loses what was typed. */
export function refreshKeptPages(): void {
  window.addEventListener('pageshow', (event) => {
    const isOver = document.body.hidden
    if (event.persisted && (isOver || !isAnythingUnsaved())) window.location.reload()
  })
}
