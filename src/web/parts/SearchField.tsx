import { useId } from 'react'
import { Icon } from './Icon.js'

export function SearchField(props: { label: string; value: string; onChange: (text: string) => void }) {
  const id = useId()
  return (
    <div className="search-field">
      <Icon name="search" size={14} />
      <label className="visually-hidden" htmlFor={id}>
        {props.label}
      </label>
      <input
        id={id}
        type="search"
        className="form-control"
        placeholder={props.label}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  )
}
