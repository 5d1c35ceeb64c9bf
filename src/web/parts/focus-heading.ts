/** Puts the focus on the page's heading, for when what had it goes away: from there on all is in reach. */
export function focusHeading(): void {
  document.querySelector('h1')?.focus({ preventScroll: true })
}
