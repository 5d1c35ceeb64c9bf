const CELL = 'M0-10 8.66-5V5L0 10-8.66 5V-5Z'

/** Three cells of a honeycomb, one of them lit: the sign of Ruche. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="-24 -24 48 48" aria-hidden="true">
      <path className="mark-lit" transform="translate(0 -9.6)" d={CELL} />
      <path className="mark-cell" transform="translate(-10.4 8.4)" d={CELL} />
      <path className="mark-cell" transform="translate(10.4 8.4)" d={CELL} />
    </svg>
  )
}
