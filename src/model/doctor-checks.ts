/** What a check is about, in the order in which people read it. */
export const CHECK_AREAS = ['sites', 'network', 'proxy', 'people', 'files', 'platform', 'machine'] as const

interface CheckWords {
  area: (typeof CHECK_AREAS)[number]
  /** What holds when all is well. */
  promise: string
  /** What to do when it does not. */
  mend: string
}

const FOREIGN_PROCESS = 'End what was put there, restart the site, and find out who put it there.'
const REPAIRED = 'Ruche mends this by itself within 30 s. When it comes back, find out which program changes it.'
const SET_UP_AGAIN = 'Restart Ruche: each start sets owner and mode of its folders. Find out who changed them.'
const UPDATE_RUCHE = 'Install Ruche again from a source you trust, and restart the sites.'

/** Every check of the doctor. Its words are translated by their text, so that the command line and the pages say the same. */
export const CHECKS = {
  'probe.refusals': {
    area: 'sites',
    promise: 'A throw-away container is refused everything that is forbidden',
    mend: UPDATE_RUCHE,
  },
  'probe.confinement': {
    area: 'sites',
    promise: 'The processes of a throw-away container are confined',
    mend: UPDATE_RUCHE,
  },
  'sites.processes': {
    area: 'sites',
    promise: 'Every process of every running site is confined',
    mend: FOREIGN_PROCESS,
  },
  'sites.namespaces': {
    area: 'sites',
    promise: 'No running site owns a namespace but its own users',
    mend: 'Restart the site. If it stays so, install Ruche again.',
  },
  'sites.ceilings': {
    area: 'sites',
    promise: 'Every running site has ceilings below the tables of the kernel',
    mend: 'Restart the site. If it stays so, install Ruche again.',
  },
  'sites.mounts': {
    area: 'sites',
    promise: 'Files of the kernel are read-only or hidden in every running site',
    mend: 'Restart the site. If it stays so, install Ruche again.',
  },
  'sites.users': {
    area: 'sites',
    promise: 'Every site has a range of user ids that nobody else has',
    mend: 'Stop both sites, give one its range back in its spec.json from a backup, and restart Ruche.',
  },
  'sites.limits': {
    area: 'sites',
    promise: 'The kernel holds every running site to its limits',
    mend: 'Restart Ruche: it sets the limits of every running site again.',
  },
  'sites.templates': {
    area: 'sites',
    promise: 'The template of every site is there',
    mend: 'Build it again on the page of templates, or with ruche template build.',
  },
  'network.firewall': {
    area: 'network',
    promise: 'The firewall is loaded, exactly as it was made',
    mend: REPAIRED,
  },
  'network.bridge': { area: 'network', promise: 'The bridge of the sites is as it should be', mend: REPAIRED },
  'network.cables': {
    area: 'network',
    promise: 'Every running site is alone on its cable, and its neighbours are fixed',
    mend: REPAIRED,
  },
  'network.settings': {
    area: 'network',
    promise: 'The kernel believes nothing that comes over the bridge',
    mend: REPAIRED,
  },
  'network.repairs': {
    area: 'network',
    promise: 'Nobody changed the network of the sites in the last hour',
    mend: 'Find out what changed it: another firewall program, a script, a person.',
  },
  'network.connections': {
    area: 'network',
    promise: 'The table of tracked connections has room',
    mend: 'Look which site or visitor opens so many connections, or make the table larger.',
  },
  'network.resolver': {
    area: 'network',
    promise: 'The name server of the sites answers',
    mend: 'Set network.resolvers in ruche.toml to a name server that this machine reaches.',
  },
  'proxy.process': {
    area: 'proxy',
    promise: 'The front proxy runs as its own user with one capability',
    mend: 'End the wrong process: Ruche starts the right one by itself.',
  },
  'proxy.configuration': {
    area: 'proxy',
    promise: 'The front proxy serves exactly what was made for it',
    mend: 'Ruche makes it again within 30 s. When it comes back, the log of the server says why.',
  },
  'proxy.unknown-names': {
    area: 'proxy',
    promise: 'The front proxy refuses names that are not of here',
    mend: 'End what else listens on these ports, and restart Ruche.',
  },
  'proxy.certificates': {
    area: 'proxy',
    promise: 'Certificates are valid, for the right names and for long enough',
    mend: 'Ruche makes new ones by itself within 30 s. When it does not, the log of the server says why.',
  },
  'directory.reachable': {
    area: 'people',
    promise: 'The directory answers over a protected connection',
    mend: 'Look at the section directory of ruche.toml, and at the directory itself.',
  },
  'files.folders': {
    area: 'files',
    promise: 'Folders, sockets and settings of Ruche have the right owners and modes',
    mend: SET_UP_AGAIN,
  },
  'files.images': {
    area: 'files',
    promise: 'Images of sites are for root alone',
    mend: 'Set owner root and mode 0600, 0700 for folders. Somebody may have read the data of the site meanwhile.',
  },
  'files.secrets': {
    area: 'files',
    promise: 'Keys and the register can be read by nobody else',
    mend: 'Set owner and mode back. What was open may have been read: think of new keys.',
  },
  'files.templates': {
    area: 'files',
    promise: 'Nobody but root can change a template',
    mend: 'Remove the template and build it again: somebody may have changed it.',
  },
  'files.copies': {
    area: 'files',
    promise: 'Copies of backups arrive elsewhere and can be read back',
    mend: 'Look at the section backup of ruche.toml, and at the machine that keeps them. Ruche tries again by itself.',
  },
  'platform.agent': {
    area: 'platform',
    promise: 'The agent answers',
    mend: 'Start Ruche. The log of the agent says why.',
  },
  'platform.server': {
    area: 'platform',
    promise: 'The server answers, and runs without power',
    mend: 'Start Ruche. The log of the server says why.',
  },
  'platform.sites': {
    area: 'platform',
    promise: 'Every site is what it should be',
    mend: 'Look at the page of the site: it says why it does not run.',
  },
  'machine.features': {
    area: 'machine',
    promise: 'The kernel can do what containers need',
    mend: 'Use the kernel of Debian 12 or a later one.',
  },
  'machine.tables': {
    area: 'machine',
    promise: 'Tables that all sites share are large enough',
    mend: 'Install the file of kernel settings that comes with Ruche.',
  },
  'machine.hardening': {
    area: 'machine',
    promise: 'The kernel is hardened against its own users',
    mend: 'Install the file of kernel settings that comes with Ruche.',
  },
  'machine.advice': {
    area: 'machine',
    promise: 'Kernel settings are as advised',
    mend: 'Install the file of kernel settings that comes with Ruche, if nothing else on this machine needs it otherwise.',
  },
  'machine.disk': {
    area: 'machine',
    promise: 'The disk can hold what was promised to sites',
    mend: 'Add disk space, or delete what is not needed. A full disk stops all sites.',
  },
  'machine.clock': {
    area: 'machine',
    promise: 'The clock is right',
    mend: 'Install a time service, as systemd-timesyncd or chrony.',
  },
  'machine.services': {
    area: 'machine',
    promise: "Debian's own nginx and slapd do not start beside Ruche",
    mend: 'Switch them off: they would take ports of Ruche at the next start of the machine.',
  },
} as const satisfies Record<string, CheckWords>

export type CheckId = keyof typeof CHECKS
export const CHECK_IDS = Object.keys(CHECKS) as [CheckId, ...CheckId[]]

const SERVERS: readonly string[] = [
  ...['network.resolver', 'proxy.configuration', 'proxy.unknown-names', 'proxy.certificates', 'directory.reachable'],
  ...['platform.agent', 'platform.server', 'platform.sites', 'machine.services', 'files.copies'],
]

/** Those that the agent looks at; the others are the server's. */
export const AGENT_CHECKS: readonly CheckId[] = CHECK_IDS.filter((id) => !SERVERS.includes(id))
