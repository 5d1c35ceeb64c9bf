/** Something is under way. `label` is for screen readers, when no words stand beside it. */
export function Spinner({ label }: { label?: string }) {
  return (
    <span className="spinner" {...(label ? { role: 'status' } : { 'aria-hidden': true })}>
      {label && <span className="visually-hidden">{label}</span>}
    </span>
  )
}
