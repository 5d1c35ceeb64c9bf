import type { Site } from '../../model/site.js'
import { useWords } from '../i18n/use-words.js'
import { isSelectable, type Selection } from './use-selection.js'

/** Head of the column of boxes: selects all that are found, on every page of the list. */
export function SelectAllHead({ selection: { all, selected, toggleAll } }: { selection: Selection }) {
  const { t } = useWords()
  return (
    <th scope="col" className="row-check">
      <input
        ref={(box) => {
          if (box) box.indeterminate = !all && selected.length > 0
        }}
        type="checkbox"
        className="form-check-input"
        aria-label={t('sites.selectAll')}
        checked={all}
        onChange={toggleAll}
      />
    </th>
  )
}

/** The box of one site. Where nothing may be done with it, there is none. */
export function SelectCell({ site, selection }: { site: Site; selection: Selection }) {
  const { t } = useWords()
  return (
    <td className="row-check">
      {isSelectable(site) && (
        <input
          type="checkbox"
          className="form-check-input"
          aria-label={t('sites.select', { name: site.name })}
          checked={selection.has(site.name)}
          onChange={(event) => selection.select(site.name, event.target.checked)}
        />
      )}
    </td>
  )
}
