/** Later names stand inside the words of earlier ones: Edge calls itself Chrome too, and Chrome calls itself Safari. */
const BROWSERS = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrom(e|ium)\/|\bHeadlessChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const

const SYSTEMS = [
  [/\bWindows\b/, 'Windows'],
  [/\bAndroid\b/, 'Android'],
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const

/** A browser and its system in two words, out of what the browser says of itself (`User-Agent`); undefined when that says neither. */
export function findBrowser(words: string): string | undefined {
  const find = (names: readonly (readonly [RegExp, string])[]) => names.find(([sign]) => sign.test(words))?.[1]
  const found = [find(BROWSERS), find(SYSTEMS)].filter((name) => name !== undefined)
  return found.length > 0 ? found.join(' · ') : undefined
}
