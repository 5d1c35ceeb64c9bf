const HERE = 'https://here.invalid'

/** Where to go after the sign-in: only ever a page of ours, read as a browser reads it (`/%09/evil.example` is another machine). */
export function findReturn(to: string | null): string {
  if (to === null || !URL.canParse(to, HERE)) return '/sites'
  const { origin, pathname, search, hash } = new URL(to, HERE)
  const isOurs = origin === HERE && !pathname.startsWith('//') && !pathname.startsWith('/sign-in')
  return isOurs ? pathname + search + hash : '/sites'
}
