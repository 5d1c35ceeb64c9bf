/* /proc, /sys, /dev, /run and /tmp of a site, and what of the kernel it may not see or write. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Mounts over a folder of the new root; the folder is found without following any symlink. */
static void mount_in_root(int root, const char *at, const char *type, unsigned long flags, const char *options)
{
	char place[32];
	int target = open_in_root(root, at, O_PATH | O_DIRECTORY);
	snprintf(place, sizeof place, "/proc/self/fd/%d", target);
	if (mount(type, place, type, flags, options))
		fail("root", "%s: %m", at);
	close(target);
}

static void fill_dev(int dev)
{
	static const struct {
		const char *name;
		unsigned int major, minor;
	} nodes[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
	static const struct {
		const char *name, *target;
	} links[] = {{"ptmx", "pts/ptmx"},
		     {"fd", "/proc/self/fd"},
		     {"stdin", "/proc/self/fd/0"},
		     {"stdout", "/proc/self/fd/1"},
		     {"stderr", "/proc/self/fd/2"}};
	for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++)
		if (mknodat(dev, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)))
			fail("root", "/dev/%s: %m", nodes[i].name);
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
		if (symlinkat(links[i].target, dev, links[i].name))
			fail("root", "/dev/%s: %m", links[i].name);
	if (mkdirat(dev, "pts", 0755) || mkdirat(dev, "shm", 0755))
		fail("root", "/dev: %m");
}

/* /dev belongs to the host's root, who is nobody inside: its nodes can be used there, not replaced. Of the tmpfs
 * mounts only /dev lacks nodev, and nobody inside can make nodes (no CAP_MKNOD over the first user namespace).
 * Sizes and inodes are bounded although the memory cgroup also counts them (tmpfs(5)). */
void mount_kernel_files(int root, uint32_t base)
{
	const unsigned long quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	char options[128];
	mount_in_root(root, "proc", "proc", quiet, NULL);
	mount_in_root(root, "sys", "sysfs", quiet | MS_RDONLY, NULL);
	mount_in_root(root, "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k,nr_inodes=64");
	int dev = open_in_root(root, "dev", O_RDONLY | O_DIRECTORY);
	fill_dev(dev);
	close(dev);
	/* Group 5 is Debian's tty; the owner of a terminal is whoever opens it (devpts in mount(8)). */
	snprintf(options, sizeof options, "newinstance,ptmxmode=0666,mode=620,gid=%u,max=64", base + 5);
	mount_in_root(root, "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, options);
	snprintf(options, sizeof options, "mode=1777,size=64m,nr_inodes=4096,uid=%u,gid=%u", base, base);
	mount_in_root(root, "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, options);
	snprintf(options, sizeof options, "mode=755,size=32m,nr_inodes=4096,uid=%u,gid=%u", base, base);
	mount_in_root(root, "run", "tmpfs", MS_NOSUID | MS_NODEV, options);
	snprintf(options, sizeof options, "mode=1777,size=128m,nr_inodes=16384,uid=%u,gid=%u", base, base);
	mount_in_root(root, "tmp", "tmpfs", MS_NOSUID | MS_NODEV, options);
}

static const char *const read_only[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};

static const char *const masked_files[] = {
	"/proc/kcore",      "/proc/keys",        "/proc/key-users",  "/proc/kmsg",       "/proc/kallsyms",
	"/proc/config.gz",  "/proc/modules",     "/proc/cmdline",    "/proc/timer_list", "/proc/interrupts",
	"/proc/softirqs",   "/proc/vmallocinfo", "/proc/slabinfo",   "/proc/partitions", "/proc/diskstats",
	"/proc/swaps",      "/proc/sched_debug", "/proc/latency_stats", "/proc/kpagecount", "/proc/kpageflags",
	"/proc/kpagecgroup", "/proc/allocinfo",
};

/* /sys/devices/virtual/block names the image files of the other sites; /proc/pressure takes triggers from anybody. */
static const char *const masked_folders[] = {
	"/proc/acpi",     "/proc/asound",  "/proc/scsi",     "/proc/pressure",
	"/sys/kernel",    "/sys/fs",       "/sys/block",     "/sys/module",
	"/sys/power",     "/sys/hypervisor", "/sys/dev/block", "/sys/class/block",
	"/sys/class/bdi", "/sys/devices/virtual/block", "/sys/devices/virtual/bdi", "/sys/devices/virtual/dmi",
	"/sys/devices/virtual/powercap",
};

static void bind_read_only(const char *path)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	int mount = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (mount < 0 && errno == ENOENT)
		return;
	if (mount < 0 || mount_setattr(mount, "", AT_EMPTY_PATH, &attr, sizeof attr) ||
	    move_mount(mount, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH))
		fail("root", "%s: %m", path);
	close(mount);
}

static void cover(const char *with, const char *path)
{
	/* ENOENT: this kernel has no such file. */
	if (mount(with, path, NULL, MS_BIND, NULL) && errno != ENOENT)
		fail("root", "%s: %m", path);
}

/* Runs in the new root, where these paths are the kernel's own and cannot be symlinks of a site. What is covered
 * stays covered: nobody inside has power over this mount namespace. */
void hide_kernel_files(void)
{
	for (size_t i = 0; i < sizeof read_only / sizeof read_only[0]; i++)
		bind_read_only(read_only[i]);
	for (size_t i = 0; i < sizeof masked_files / sizeof masked_files[0]; i++)
		cover("/dev/null", masked_files[i]);
	/* One empty file system for all folders, first over one that every kernel has; it is read-only itself, so its
	 * binds are. */
	if (mount("tmpfs", "/sys/firmware", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,nr_inodes=1"))
		fail("root", "/sys/firmware: %m");
	for (size_t i = 0; i < sizeof masked_folders / sizeof masked_folders[0]; i++)
		cover("/sys/firmware", masked_folders[i]);
}
