/** Where to go after the sign-in: only ever a page of ours. */
export function findReturn(to: string | null): string {
  return to?.startsWith('/') && !/^\/[/\\]/.test(to) && !to.startsWith('/sign-in') ? to : '/sites'
}
