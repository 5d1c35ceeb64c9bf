/* Entering a running container: the only way in. Whoever enters is confined again, as the container's own processes
 * are: joining the namespaces alone would give all power over the user namespace, without the filter. */
#define _GNU_SOURCE
#include "launch.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* True when we lead the session of a terminal that was made for us: then the command gets it. */
bool leads_terminal(void)
{
	return tcgetsid(STDIN_FILENO) == getpid();
}

/* A session of its own, so that signals to groups stay inside. Taking the terminal over from our parent needs the
 * host's CAP_SYS_ADMIN (TIOCSCTTY in ioctl_tty(2)). */
void own_session(bool with_terminal)
{
	setsid();
	if (with_terminal && ioctl(STDIN_FILENO, TIOCSCTTY, 1))
		fail("enter", "terminal: %m");
}

/* In the child: cgroups first, the user namespace last. */
void step_inside(const struct request *request, int pidfd, int link, bool with_terminal)
{
	reset_inherited();
	forget_arguments();
	die_with_parent(link);
	join_cgroups(request);
	set_limits();
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		fail("confine", "PR_SET_DUMPABLE: %m");
	own_session(with_terminal);
	if (setns(pidfd, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP))
		fail("enter", "setns: %m");
	become_tenant(pidfd, request->uid, request->gid);
	die_with_parent(link);
}

int verb_enter(const struct request *request)
{
	static volatile pid_t command;
	const bool with_terminal = leads_terminal();
	int links[2];
	syscall(SYS_close_range, 3u, ~0u, 0);
	/* Everything below goes through this one descriptor: no number can be used again in between. */
	int pidfd = open_process(request->pid, request->start);
	if (pidfd < 0)
		fail("enter", "the container's first process is gone");
	check_container_init(request->pid);
	pass_signals_on(&command);
	/* A pid namespace is for children; all others only the child joins: we stay on the host, out of the site's reach. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links) || setns(pidfd, CLONE_NEWPID))
		fail("enter", "setns: %m");
	command = fork();
	if (command < 0)
		fail("enter", "fork: %m");
	if (command == 0) {
		close(links[0]);
		step_inside(request, pidfd, links[1], with_terminal);
		lock_down();
		run_command(request);
	}
	return await_exit(command);
}
