import { ICON_PATHS } from './icon-paths.js'

export type IconName = keyof typeof ICON_PATHS

/** A picture beside words; it says nothing by itself, so screen readers skip it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <path fillRule="evenodd" d={ICON_PATHS[name]} />
    </svg>
  )
}
