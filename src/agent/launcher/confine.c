/* The last steps before a command of a site runs: user namespace, capabilities, no_new_privs, filter, environment. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(capability) (UINT64_C(1) << (capability))

/* What the services of a site need from their root: 0x405fb. All others are gone for good. */
static const uint64_t kept = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) | BIT(CAP_KILL) |
			     BIT(CAP_SETGID) | BIT(CAP_SETUID) | BIT(CAP_SETPCAP) | BIT(CAP_NET_BIND_SERVICE) |
			     BIT(CAP_SYS_CHROOT);

#define PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

char *const init_environment[] = {PATH, "HOME=/root", "LANG=C.UTF-8", "container=ruche", NULL};

static void set_capabilities(uint64_t mask)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)mask, .permitted = (uint32_t)mask},
		{.effective = (uint32_t)(mask >> 32), .permitted = (uint32_t)(mask >> 32)},
	};
	if (syscall(SYS_capset, &header, data))
		fail("confine", "capset: %m");
}

/* setns(2) into the user namespace makes us all-powerful in it and nothing outside; the rest takes away what is too
 * much. `users` is a descriptor of the namespace or a pidfd of a process in it. Until execve(2) the process stays
 * "not dumpable": nobody inside may look into it through /proc or ptrace(2). */
void become_tenant(int users, uid_t uid, gid_t gid)
{
	const uint64_t mask = uid == 0 ? kept : 0;
	if (setns(users, CLONE_NEWUSER))
		fail("confine", "user namespace: %m");
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		if (!(mask & BIT(capability)) && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
			fail("confine", "bounding set: %m");
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		fail("confine", "%u:%u: %m", uid, gid);
	/* The change of user made this what fs.suid_dumpable says (proc(5)). Before the capabilities go: until then nobody
	 * inside has as many, and may look for that reason. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		fail("confine", "PR_SET_DUMPABLE: %m");
	set_capabilities(mask);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		fail("confine", "no_new_privs: %m");
	umask(022);
}

static const char *home_of(uid_t uid)
{
	switch (uid) {
	case 0: return "HOME=/root";
	case 1000: return "HOME=/home/site";
	default: return "HOME=/";
	}
}

/* Runs the command of a confined process. The folder is entered as the user, inside; a command without a slash is
 * looked for in our PATH, inside. */
void run_command(const struct request *request)
{
	char *variables[] = {PATH, (char *)home_of(request->uid), "LANG=C.UTF-8", NULL};
	if (chdir(request->cwd ? request->cwd : "/"))
		fail("exec", "%s: %m", request->cwd);
	environ = variables;
	/* Whatever is still open above 2 belongs to the host; it closes as the command starts (close_range(2)). */
	if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC))
		fail("exec", "close_range: %m");
	execvp(request->rest[0], request->rest);
	int reason = errno;
	dprintf(STDERR_FILENO, "launch: exec: %s: %s\n", request->rest[0], strerror(reason));
	_exit(reason == ENOENT || reason == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
}
