import type { Command } from 'commander'
import { type Collaborator, CollaboratorRight } from '../../model/collaborator.js'
import { Login } from '../../model/names.js'
import { visibleText } from '../../model/visible-text.js'
import { checkInput, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { renderTable } from '../render-table.js'

export function defineCollaborators(command: Command, open: () => Context): void {
  command
    .command('list')
    .description('the owner, and those with whom the site is shared')
    .argument('<name>', 'name of the site')
    .action(async (text: string) => {
      const context = open()
      const found = await context.client.call('listCollaborators', { params: { name: checkSiteName(text) } })
      context.print(found, () => render(found, context))
    })
  command
    .command('add')
    .description('share the site with a person of the directory, or give them another right')
    .argument('<name>', 'name of the site')
    .argument('<login>')
    .option('--right <right>', 'view: look at it · edit: change what is in it · manage: all but delete it', 'edit')
    .action(async (siteText: string, loginText: string, options: { right: string }) => {
      const context = open()
      const name = checkSiteName(siteText)
      const login = checkInput(Login, loginText, 'login')
      const right = checkInput(CollaboratorRight, options.right, 'right', 'view, edit or manage')
      const one = await context.client.call('setCollaborator', { params: { name, login }, body: { right } })
      context.print(one, () => `${visibleText(one.name)} may ${one.right} ${name} now.\n`)
    })
  command
    .command('remove')
    .description('end it; what the person has open in the site ends too')
    .argument('<name>', 'name of the site')
    .argument('<login>')
    .action(async (siteText: string, loginText: string) => {
      const context = open()
      const name = checkSiteName(siteText)
      const login = checkInput(Login, loginText, 'login')
      await context.client.call('removeCollaborator', { params: { name, login } })
      context.print({ id: name, removed: login }, () => `${name} is no longer shared with ${visibleText(login)}.\n`)
    })
}

interface Found {
  owner: { login: string; name: string }
  collaborators: Collaborator[]
}

function render({ owner, collaborators }: Found, { paint }: Pick<Context, 'paint'>): string {
  const rows = [
    { ...owner, right: 'owner', added: '' },
    ...collaborators.map((one) => ({ ...one, added: `${one.addedAt.slice(0, 10)} by ${one.addedBy}` })),
  ]
  return renderTable(
    [
      { title: 'LOGIN', text: (row) => visibleText(row.login) },
      { title: 'NAME', text: (row) => visibleText(row.name) },
      { title: 'RIGHT', text: (row) => row.right },
      { title: 'SINCE', text: (row) => visibleText(row.added) },
    ],
    rows,
    (title) => paint('dim', title),
  )
}
