/* The user namespace of a site: its range of ids, and ceilings on kernel tables that all sites share.
 *
 * There are two, one in the other. The inner one is the site's: ids 0 to 65535. The limits of a user namespace count
 * per user in it, and the root of a site may be any of 65536 users; but all that its users hold is counted once more
 * against the maker of the namespace, under the limits of the parent (kernel/ucount.c). The outer namespace, in which
 * nobody lives, is that parent: its ceilings hold for the site as a whole. It maps the site's ids to themselves, so
 * uid_map reads "0 BASE 65536" from the host and from the inside. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct ceiling {
	const char *name;
	int most;
};

/* No namespaces at all: a second answer to unshare(2), should the filter ever let it through. */
static const struct ceiling ceilings[] = {
	{"max_mnt_namespaces", 0},      {"max_pid_namespaces", 0},    {"max_net_namespaces", 0},
	{"max_ipc_namespaces", 0},      {"max_uts_namespaces", 0},    {"max_cgroup_namespaces", 0},
	{"max_time_namespaces", 0},     {"max_fanotify_groups", 0},   {"max_fanotify_marks", 0},
	{"max_inotify_instances", 32}, {"max_inotify_watches", 16384},
};

/* /proc/sys/user shows the user namespace of whoever opens the file (namespaces(7)). */
static void set_ceiling(const char *name, int most)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/sys/user/%s", name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return; /* this kernel has no such thing to exhaust */
	if (fd < 0 || dprintf(fd, "%d\n", most) < 0)
		fail("users", "%s: %m", path);
	close(fd);
}

static void set_ceilings(void)
{
	for (size_t i = 0; i < sizeof ceilings / sizeof ceilings[0]; i++)
		set_ceiling(ceilings[i].name, ceilings[i].most);
}

static void write_map(pid_t pid, const char *file, uint32_t inside, uint32_t outside)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	/* The kernel takes the whole map in one write, once. */
	if (fd < 0 || dprintf(fd, "%u %u %u\n", inside, outside, IDS_PER_SITE) < 0)
		fail("users", "%s: %m", path);
	close(fd);
}

/* A user namespace keeps the limits of its maker, and holds all that is below it to them. What the maker of the outer
 * one has in all such namespaces is one sum: that of every site of this machine. So it is made without these limits,
 * and the inner one with them: else one site's message queues or queued signals would be all that the sites may have.
 * A host that took CAP_SYS_RESOURCE from its root gives only what it has. */
static void lift_summed_limits(void)
{
	const __rlimit_resource_t summed[] = {RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_SIGPENDING, RLIMIT_NPROC};
	for (size_t i = 0; i < sizeof summed / sizeof summed[0]; i++) {
		struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
		if (setrlimit(summed[i], &limit) == 0)
			continue;
		if (errno != EPERM || getrlimit(summed[i], &limit))
			fail("users", "limits: %m");
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(summed[i], &limit))
			fail("users", "limits: %m");
	}
}

/* fork(2) into a new user namespace. */
static pid_t fork_into_namespace(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER, 0, 0, 0, 0);
	if (pid < 0)
		fail("users", "user namespace: %m");
	return pid;
}

static void await_byte(int fd)
{
	char byte;
	if (read(fd, &byte, 1) != 1)
		_exit(EXIT_FAILED); /* the other side has failed and said why */
}

static _Noreturn void hold_inner(int up, int down)
{
	char byte = 0;
	set_ceilings();
	set_ceiling("max_user_namespaces", 0);
	if (write(up, "i", 1) != 1)
		_exit(EXIT_FAILED);
	_exit(read(down, &byte, 1) == 0 ? 0 : EXIT_FAILED); /* the end of `down`: the namespace is held elsewhere */
}

/* Becomes the first user of the range, who will be the owner of the inner namespace; then makes it. Being "dumpable"
 * gives this user, not the host's root, the files below /proc of the child (proc(5)). */
static _Noreturn void hold_outer(uint32_t base, int up, int down)
{
	int inner_up[2];
	await_byte(down);
	set_limits();
	if (setresgid(base, base, base) || setresuid(base, base, base) || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		fail("users", "outer namespace: %m");
	set_ceilings();
	if (pipe2(inner_up, O_CLOEXEC))
		fail("users", "%m");
	pid_t inner = fork_into_namespace();
	if (inner == 0)
		hold_inner(inner_up[1], down);
	close(inner_up[1]);
	set_ceiling("max_user_namespaces", 0);
	write_map(inner, "uid_map", 0, base);
	write_map(inner, "gid_map", 0, base);
	await_byte(inner_up[0]);
	if (write(up, &inner, sizeof inner) != sizeof inner)
		_exit(EXIT_FAILED);
	int status;
	_exit(waitpid(inner, &status, 0) == inner ? 0 : EXIT_FAILED);
}

/* A descriptor of the site's user namespace (of ioctl_ns(2) kind). Costs two short-lived processes. The limits of the
 * caller are lifted after it. */
int make_user_namespace(uint32_t base)
{
	int up[2], down[2];
	pid_t inner = 0;
	char path[64];
	if (pipe2(up, O_CLOEXEC) || pipe2(down, O_CLOEXEC))
		fail("users", "%m");
	lift_summed_limits();
	pid_t outer = fork_into_namespace();
	if (outer == 0) {
		close(up[0]);
		close(down[1]);
		hold_outer(base, up[1], down[0]);
	}
	close(up[1]);
	close(down[0]);
	write_map(outer, "uid_map", base, base);
	write_map(outer, "gid_map", base, base);
	if (write(down[1], "o", 1) != 1 || read(up[0], &inner, sizeof inner) != sizeof inner)
		_exit(EXIT_FAILED);
	snprintf(path, sizeof path, "/proc/%d/ns/user", inner);
	int users = open(path, O_RDONLY | O_CLOEXEC);
	if (users < 0)
		fail("users", "%s: %m", path);
	close(down[1]);
	close(up[0]);
	int status;
	waitpid(outer, &status, 0);
	return users;
}
