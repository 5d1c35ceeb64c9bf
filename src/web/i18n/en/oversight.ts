/** Pages that show administrators what goes on everywhere. */
export const oversight = {
  platform: { tabs: 'Pages of the platform' },
  operations: {
    title: 'Operations',
    intro: 'What was done to sites and templates, by people and by Ruche itself. Kept for 30 days.',
    anyState: 'Any state',
    state: 'State',
    site: 'Site or template',
    person: 'Person',
    log: 'Log',
  },
} as const
