/** The pages for administrators, below `/platform`. */
export const TABS = [
  { to: 'containers', text: 'containers.title' },
  { to: 'domains', text: 'allNames.title' },
  { to: 'backups', text: 'allBackups.title' },
  { to: 'host', text: 'machine.title' },
  { to: 'people', text: 'people.title' },
  { to: 'announcements', text: 'announcements.title' },
  { to: 'templates', text: 'templates.title' },
  { to: 'operations', text: 'operations.title' },
  { to: 'audit', text: 'audit.title' },
  { to: 'activity', text: 'platform.activity' },
  { to: 'doctor', text: 'doctor.title' },
] as const
