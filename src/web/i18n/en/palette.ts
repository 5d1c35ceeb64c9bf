/** The palette: everywhere and everything by a few letters. */
export const palette = {
  palette: {
    label: 'Site, page or action',
    found: 'What was found',
    count_one: '{{count}} found',
    count_other: '{{count}} found',
    page: 'Page',
    site: 'Site',
    action: 'Action',
  },
} as const
