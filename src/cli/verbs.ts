import type { Define } from './define.js'

export interface Verb {
  name: string
  /** What follows the name, for the list of commands. */
  usage: string
  summary: string
  load(): Promise<Define>
}

/** The five that people use most; help begins with them. */
export const COMMON_VERBS = ['create', 'list', 'show', 'logs', 'up']

/** Every command. Only the one that runs is loaded. */
export const verbs: Verb[] = [
  {
    name: 'create',
    usage: 'NAME',
    summary: 'create a site and wait until it answers',
    load: async () => (await import('./commands/create.js')).defineCreate,
  },
  {
    name: 'list',
    usage: '',
    summary: 'list the sites',
    load: async () => (await import('./commands/list.js')).defineList,
  },
  {
    name: 'show',
    usage: 'NAME',
    summary: 'show all about one site',
    load: async () => (await import('./commands/show.js')).defineShow,
  },
  {
    name: 'logs',
    usage: 'NAME [--follow]',
    summary: "show a site's last log lines",
    load: async () => (await import('./commands/logs.js')).defineLogs,
  },
  {
    name: 'up',
    usage: '[--demo]',
    summary: 'run the whole platform in the foreground',
    load: async () => (await import('./commands/up.js')).defineUp,
  },
  {
    name: 'start',
    usage: 'NAME',
    summary: 'start a site and wait until it answers',
    load: async () => (await import('./commands/power.js')).defineStart,
  },
  {
    name: 'stop',
    usage: 'NAME',
    summary: 'stop a site cleanly, its database last',
    load: async () => (await import('./commands/power.js')).defineStop,
  },
  {
    name: 'restart',
    usage: 'NAME',
    summary: 'stop a site and start it again',
    load: async () => (await import('./commands/power.js')).defineRestart,
  },
  {
    name: 'sleep',
    usage: 'NAME [--after 30m|never]',
    summary: 'stop a site until somebody visits it, now or when idle',
    load: async () => (await import('./commands/sleep.js')).defineSleep,
  },
  {
    name: 'destroy',
    usage: 'NAME',
    summary: 'delete a site with its files and its database',
    load: async () => (await import('./commands/destroy.js')).defineDestroy,
  },
  {
    name: 'backup',
    usage: 'NAME',
    summary: 'back a site up now, and prove that the backup can be restored',
    load: async () => (await import('./commands/backup.js')).defineBackup,
  },
  {
    name: 'backups',
    usage: 'NAME',
    summary: "list a site's backups",
    load: async () => (await import('./commands/backup.js')).defineBackups,
  },
  {
    name: 'restore',
    usage: 'NAME ID [--as NEW]',
    summary: 'put a backup back, whole or in part, or make a new site of it',
    load: async () => (await import('./commands/restore.js')).defineRestore,
  },
  {
    name: 'clone',
    usage: 'NAME NEW',
    summary: 'make a new site that is a copy of another one',
    load: async () => (await import('./commands/clone.js')).defineClone,
  },
  {
    name: 'owner',
    usage: 'NAME LOGIN',
    summary: 'hand a site over to somebody else',
    load: async () => (await import('./commands/clone.js')).defineOwner,
  },
  {
    name: 'trash',
    usage: 'list|recover|purge [NAME]',
    summary: 'deleted sites: bring them back, or delete them for good',
    load: async () => (await import('./commands/trash.js')).defineTrash,
  },
  {
    name: 'limits',
    usage: 'NAME [--cpu N] [--memory SIZE]…',
    summary: 'show or change what a site may use',
    load: async () => (await import('./commands/limits.js')).defineLimits,
  },
  {
    name: 'domain',
    usage: 'list|add|check|main|remove NAME [DOMAIN]',
    summary: "a site's own domain names",
    load: async () => (await import('./commands/domain.js')).defineDomain,
  },
  {
    name: 'dns',
    usage: 'list|add|remove NAME [RECORD TYPE VALUE | ID]',
    summary: 'records of a site below its platform name',
    load: async () => (await import('./commands/dns.js')).defineDns,
  },
  {
    name: 'activity',
    usage: '[NAME] [--by LOGIN]',
    summary: 'who did what, when, from where',
    load: async () => (await import('./commands/activity.js')).defineActivity,
  },
  {
    name: 'settings',
    usage: 'NAME [show|set KEY VALUE…|unset KEY…|purge]',
    summary: 'how a site is served, and who may see it',
    load: async () => (await import('./commands/settings.js')).defineSettings,
  },
  {
    name: 'exec',
    usage: 'NAME -- CMD…',
    summary: 'run a program inside a site, as its user',
    load: async () => (await import('./commands/exec.js')).defineExec,
  },
  {
    name: 'shell',
    usage: 'NAME',
    summary: 'open a shell in a site, as its user',
    load: async () => (await import('./commands/shell.js')).defineShell,
  },
  {
    name: 'files',
    usage: 'NAME ls|get|put|rm|mkdir|mv|cp|chmod|find|grep|unpack …',
    summary: "work on a site's files",
    load: async () => (await import('./commands/files.js')).defineFiles,
  },
  {
    name: 'sftp',
    usage: 'NAME [keys add|list|remove …]',
    summary: 'show or change the SFTP access of a site',
    load: async () => (await import('./commands/sftp.js')).defineSftp,
  },
  {
    name: 'collaborators',
    usage: 'list|add|remove NAME [LOGIN]',
    summary: 'the people who work on a site',
    load: async () => (await import('./commands/collaborators.js')).defineCollaborators,
  },
  {
    name: 'deploy',
    usage: 'show|undo NAME',
    summary: 'what came by git push, and back to what was before',
    load: async () => (await import('./commands/deploy.js')).defineDeploy,
  },
  {
    name: 'database',
    usage: 'NAME [access|tables|rows|query|export|import|rotate-password]',
    summary: "a site's database: access, tables, statements, dumps",
    load: async () => (await import('./commands/database.js')).defineDatabase,
  },
  {
    name: 'environment',
    usage: 'NAME [list|set KEY=VALUE…|unset KEY…]',
    summary: "variables of a site's own code",
    load: async () => (await import('./commands/environment.js')).defineEnvironment,
  },
  {
    name: 'stack',
    usage: 'NAME [--language L]…|--undo',
    summary: 'show or change what a site is made of',
    load: async () => (await import('./commands/stack.js')).defineStack,
  },
  {
    name: 'model',
    usage: 'NAME [--for nobody|owner|everybody]',
    summary: 'make a site a model of new sites',
    load: async () => (await import('./commands/model.js')).defineModel,
  },
  {
    name: 'packages',
    usage: 'NAME [add|remove PACKAGE…]',
    summary: 'Debian packages of a site besides those of its stack',
    load: async () => (await import('./commands/packages.js')).definePackages,
  },
  {
    name: 'template',
    usage: 'list|build|update|rollout|rollback …',
    summary: 'the root trees that sites are made from',
    load: async () => (await import('./commands/template.js')).defineTemplate,
  },
  {
    name: 'people',
    usage: 'list|allow|deny|reset|quota …',
    summary: 'who may create sites, and how much',
    load: async () => (await import('./commands/people.js')).definePeople,
  },
  {
    name: 'announce',
    usage: 'TEXT [--fr TEXT] [--warning] [--until WHEN]',
    summary: 'tell everybody who is signed in',
    load: async () => (await import('./commands/announce.js')).defineAnnounce,
  },
  {
    name: 'announcements',
    usage: '[--remove ID]',
    summary: 'what everybody is told now, was and will be',
    load: async () => (await import('./commands/announce.js')).defineAnnouncements,
  },
  {
    name: 'operations',
    usage: '[ID]',
    summary: 'slow work: what runs, what ran, its log',
    load: async () => (await import('./commands/operations.js')).defineOperations,
  },
  {
    name: 'status',
    usage: '',
    summary: 'the state of the platform',
    load: async () => (await import('./commands/status.js')).defineStatus,
  },
  {
    name: 'doctor',
    usage: '',
    summary: 'look whether every promise holds on this machine',
    load: async () => (await import('./commands/doctor.js')).defineDoctor,
  },
]
