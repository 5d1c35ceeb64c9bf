/* What only the kernel's own descriptors tell about a container: who owns its namespaces, and the ceilings of its two
 * user namespaces (users.c). Nothing of the site is run, read or believed. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const owned[] = {"cgroup", "ipc", "mnt", "net", "pid", "uts"};

static const char *const ceilings[] = {
	"max_user_namespaces",   "max_mnt_namespaces",  "max_pid_namespaces",    "max_net_namespaces",
	"max_ipc_namespaces",    "max_uts_namespaces",  "max_cgroup_namespaces", "max_time_namespaces",
	"max_fanotify_groups",   "max_fanotify_marks",  "max_inotify_instances", "max_inotify_watches",
};

static int open_namespace(pid_t pid, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("look", "%s: %m", path);
	return fd;
}

static bool is_ours(int users)
{
	struct stat ours, theirs;
	if (stat("/proc/self/ns/user", &ours) || fstat(users, &theirs))
		fail("look", "%m");
	return ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}

/* NS_GET_USERNS and NS_GET_PARENT (ioctl_ns(2)) answer EPERM for what is above us, which cannot be. */
static int follow(int fd, unsigned long question)
{
	int users = ioctl(fd, question);
	if (users < 0)
		fail("look", "ioctl_ns: %m");
	return users;
}

static void print_owners(pid_t pid)
{
	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
		int fd = open_namespace(pid, owned[i]);
		int users = follow(fd, NS_GET_USERNS);
		printf("owner %s %s\n", owned[i], is_ours(users) ? "host" : "other");
		close(users);
		close(fd);
	}
}

/* /proc/sys/user shows the user namespace of whoever opens the file, so a child goes there for a moment. */
static void print_ceilings(const char *which, int users)
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid < 0)
		fail("look", "fork: %m");
	if (pid != 0) {
		int status = await_exit(pid);
		if (status != 0)
			_exit(EXIT_FAILED);
		return;
	}
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || setns(users, CLONE_NEWUSER))
		fail("look", "user namespace: %m");
	for (size_t i = 0; i < sizeof ceilings / sizeof ceilings[0]; i++) {
		char path[64], text[32];
		snprintf(path, sizeof path, "/proc/sys/user/%s", ceilings[i]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue;
		ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
		if (length < 0)
			fail("look", "%s: %m", path);
		text[length] = '\0';
		printf("%s %s %s", which, ceilings[i], text);
		close(fd);
	}
	fflush(stdout);
	_exit(0);
}

int verb_look(const struct request *request)
{
	syscall(SYS_close_range, 3u, ~0u, 0);
	int pidfd = open_process(request->pid, request->start);
	if (pidfd < 0)
		return EXIT_SIGNAL_GONE;
	check_container_init(request->pid);
	int inner = open_namespace(request->pid, "user");
	int outer = follow(inner, NS_GET_PARENT);
	print_owners(request->pid);
	if (is_ours(outer)) {
		printf("parent host\n");
	} else {
		int above = follow(outer, NS_GET_PARENT);
		printf("parent %s\n", is_ours(above) ? "outer" : "other");
		print_ceilings("outer", outer);
	}
	print_ceilings("inner", inner);
	/* It was that process all the time: its number cannot have gone to another meanwhile. */
	uint64_t start;
	return find_start_time(request->pid, &start) && start == request->start ? 0 : EXIT_SIGNAL_GONE;
}
