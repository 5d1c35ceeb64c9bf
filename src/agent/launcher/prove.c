/* What a confined process can do, tried out in a throw-away container: the same way in as every program of a site,
 * then our own attempts instead of a program. Each says what the kernel answered. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *what, const char *about, const char *answer)
{
	dprintf(STDOUT_FILENO, "%s %s %s\n", what, about, answer);
}

static void say_try(const char *about, long result)
{
	const char *name = result < 0 ? strerrorname_np(errno) : "done";
	say("try", about, name ? name : "unknown");
}

/* A child may come out of it: it must end at once. */
static void try_clone(void)
{
	long pid = syscall(SYS_clone, (unsigned long)(SIGCHLD | CLONE_NEWUSER), 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	say_try("clone-user-namespace", pid);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
}

static void try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return; /* this kernel has no such file */
	char about[128];
	snprintf(about, sizeof about, "write:%s", path);
	say_try(about, fd);
	if (fd >= 0)
		close(fd);
}

/* What the kernel tells there: nothing, if it is covered. */
static void try_read(const char *path)
{
	char text[64];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	say("read", path, read(fd, text, sizeof text) > 0 ? "something" : "nothing");
	close(fd);
}

static void try_namespace(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		say_try("setns", setns(fd, 0));
}

static void try_socket(const char *about, int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	say_try(about, fd);
	if (fd >= 0)
		close(fd);
}

void prove_confinement(const struct request *request)
{
	char byte;
	(void)request;
	say_try("unshare-user-namespace", unshare(CLONE_NEWUSER));
	say_try("unshare-mount-namespace", unshare(CLONE_NEWNS));
	say_try("unshare-network-namespace", unshare(CLONE_NEWNET));
	try_clone();
	try_namespace();
	say_try("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
	say_try("unmount", umount2("/proc/sys", MNT_DETACH));
	say_try("device", mknod("/tmp/device", S_IFBLK | 0600, makedev(7, 0)));
	say_try("trace", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	say_try("bpf", syscall(SYS_bpf, 0, NULL, 0));
	say_try("keyring", syscall(SYS_keyctl, 0, -3, 0, 0, 0));
	try_socket("packet-socket", AF_PACKET, SOCK_RAW, 0);
	try_socket("raw-socket", AF_INET, SOCK_RAW, 255);
	try_socket("firewall-socket", AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
	try_open("/proc/sys/kernel/core_pattern", O_WRONLY);
	try_open("/proc/sys/kernel/hostname", O_WRONLY);
	try_open("/proc/sys/net/ipv4/ip_forward", O_WRONLY);
	try_open("/proc/sysrq-trigger", O_WRONLY);
	try_read("/proc/kcore");
	try_read("/proc/kallsyms");
	try_read("/proc/keys");
	try_read("/proc/cmdline");
	try_read("/proc/timer_list");
	try_read("/proc/partitions");
	say("end", "of", "tries");
	/* The caller looks at us from outside as long as it holds our input. */
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	_exit(0);
}
