/** Pages that show administrators what goes on everywhere. */
export const oversight = {
  platform: { tabs: 'Pages of the platform', activity: 'Activity' },
  operations: {
    title: 'Operations',
    intro: 'What was done to sites and templates, by people and by Ruche itself. Kept for 30 days.',
    anyState: 'Any state',
    state: 'State',
    site: 'Site or template',
    person: 'Person',
    log: 'Log',
  },
  audit: {
    title: 'Audit log',
    intro:
      'Everything that was asked of the part with the rights of root, newest first. Reading it is written down too.',
    who: 'Who',
    site: 'Container',
    call: 'Call',
    time: 'Time',
    outcome: 'Outcome',
    notKnown: 'Still going on, or nobody saw how it ended',
    again: 'Read again',
    newer: 'Newer',
    older: 'Older',
    furtherBack: 'Nothing found so far; there is more further back.',
  },
} as const
