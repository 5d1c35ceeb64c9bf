/** What has no place in a site, by name: it would do nothing there, or only harm. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^(linux-(image|headers|modules|base)|kmod$|initramfs-tools|dracut|grub|shim-|efibootmgr|dkms$)|-dkms$/, 'kernel'],
  [/^(systemd|sysvinit|sysv-rc|openrc|runit-init|upstart|init$|dinit|finit)/, 'init'],
  [/^(sudo|doas|opendoas|super|pkexec|policykit-1|polkitd)(-|$)/, 'other user'],
  [
    /^(docker|containerd|podman|lxc|lxd|incus|snapd|flatpak|bubblewrap|schroot|runc|crun|qemu-system|libvirt-daemon)/,
    'containers',
  ],
  [/^(cron|cronie|systemd-cron|bcron|anacron|at|openssh-server|dropbear)$/, 'given'],
]

/** What a package that ships such a file is for. */
const BY_PATH: readonly (readonly [RegExp, string])[] = [
  [/^\.?\/(boot|(usr\/)?lib\/modules)\/./, 'kernel'],
  [/^\.?\/(usr\/)?sbin\/(init|telinit|runlevel)$/, 'init'],
]

const REASONS: Record<string, string> = {
  kernel: 'it is a part of the machine’s kernel, which sites share',
  init: 'it is an init system: a site has one of its own',
  'other user': 'it lets programs become another user, which nothing in a site can',
  containers: 'it runs machines or containers, which a site cannot',
  given: 'every site has its own already',
}

/** Pure: why a package may not be had, by its name; undefined when it may. */
export function findDeniedName(name: string): string | undefined {
  const kind = BY_NAME.find(([pattern]) => pattern.test(name))?.[1]
  return kind && REASONS[kind]
}

/** Pure: why a package may not be had, by what is in it (tar's list, as `dpkg-deb --contents` gives it); undefined when it may. */
export function findDeniedContent(contents: string): string | undefined {
  for (const line of contents.split('\n')) {
    const [mode = '', , , , , path = ''] = line.split(/\s+/)
    // Devices, too: what is in a site can make none.
    if (/^[bc]/.test(mode)) return `it brings a device (${shown(path)})`
    if (/^-..[sS]|^-.....[sS]/.test(mode)) return `it brings a program that runs as another user (${shown(path)})`
    const kind = BY_PATH.find(([pattern]) => pattern.test(path))?.[1]
    if (kind) return REASONS[kind]
  }
  return undefined
}

const shown = (path: string): string => path.replace(/^\./, '').slice(0, 100)
