import type { WordsOf } from '../messages.js'

export const palette: Pick<WordsOf<'later'>, 'palette'> = {
  palette: {
    label: 'Site, page ou action',
    found: 'Ce qui a été trouvé',
    count_one: '{{count}} résultat',
    count_other: '{{count}} résultats',
    page: 'Page',
    site: 'Site',
    action: 'Action',
  },
}
