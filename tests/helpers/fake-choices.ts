import type { StackChoices } from '../../src/model/template-info.js'

/** What the fake engine can make sites of. */
export const FAKE_CHOICES: Omit<StackChoices, 'built'> = {
  servers: [{ name: 'nginx', summary: 'Small and quick', onlyWith: {} }],
  languages: [
    { name: 'static', summary: 'Plain pages', onlyWith: { database: ['none'] } },
    { name: 'php', summary: 'PHP with FPM', onlyWith: {} },
  ],
  databases: [
    { name: 'none', summary: 'No database', onlyWith: {} },
    {
      name: 'mariadb',
      summary: 'MariaDB',
      onlyWith: {},
      access: { host: 'localhost', name: 'site', user: 'site' },
    },
    {
      name: 'sqlite',
      summary: 'SQLite',
      onlyWith: {},
      access: { path: '/home/site/private/database.sqlite' },
    },
  ],
}
