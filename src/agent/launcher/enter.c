/* Entering a running container: the only way in. Whoever enters is confined again, as the container's own processes
 * are: joining the namespaces alone would give all power over the user namespace, without the filter. */
#define _GNU_SOURCE
#include "launch.h"

#include <sched.h>
#include <signal.h>
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

/* In a child: cgroups first, the user namespace last. */
void step_inside(const struct request *request, int pidfd, uid_t uid, gid_t gid)
{
	join_cgroups(request);
	set_limits();
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		fail("confine", "PR_SET_DUMPABLE: %m");
	if (setns(pidfd, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP))
		fail("enter", "setns: %m");
	become_tenant(pidfd, uid, gid);
}

static _Noreturn void be_command(const struct request *request, int pidfd, int link, bool with_terminal)
{
	char byte;
	reset_signals();
	die_with_parent(link);
	own_session(with_terminal);
	step_inside(request, pidfd, request->uid, request->gid);
	die_with_parent(link);
	lock_down();
	/* Not before the keeper keeps. */
	if (read(link, &byte, 1) != 1)
		_exit(EXIT_FAILED);
	if (request->has_terminal)
		lead_terminal(request);
	run_command(request);
}

/* Stands between us and the command, confined as the site's root: should we die, nothing that the command started
 * stays. It makes the command before it joins the cgroups, which may be full. */
static _Noreturn void be_keeper(const struct request *request, int pidfd, int link, bool with_terminal)
{
	static volatile pid_t command;
	int links[2];
	reset_inherited();
	forget_arguments();
	die_with_parent(link);
	pass_signals_on(&command);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links))
		fail("enter", "%m");
	command = fork();
	if (command < 0)
		fail("enter", "fork: %m");
	if (command == 0) {
		close(link);
		close(links[0]);
		be_command(request, pidfd, links[1], with_terminal);
	}
	close(links[1]);
	if (request->has_terminal)
		close(FD_SIZE);
	setsid();
	step_inside(request, pidfd, 0, 0);
	end_all_with_parent(link);
	close(pidfd);
	lock_down();
	/* A command that has gone already has said why. */
	send(links[0], "k", 1, MSG_NOSIGNAL);
	keep(command);
}

int verb_enter(const struct request *request)
{
	static volatile pid_t keeper;
	const bool with_terminal = leads_terminal();
	int links[2];
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	syscall(SYS_close_range, request->has_terminal ? FD_SIZE + 1u : 3u, ~0u, 0);
	/* Everything below goes through this one descriptor: no number can be used again in between. */
	int pidfd = open_process(request->pid, request->start);
	if (pidfd < 0)
		fail("enter", "the container's first process is gone");
	check_container_init(request->pid);
	pass_signals_on(&keeper);
	/* A pid namespace is for children; all others only the children join: we stay on the host, out of the site's reach. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links) || setns(pidfd, CLONE_NEWPID))
		fail("enter", "setns: %m");
	keeper = fork();
	if (keeper < 0)
		fail("enter", "fork: %m");
	if (keeper == 0) {
		close(links[0]);
		be_keeper(request, pidfd, links[1], with_terminal);
	}
	return await_exit(keeper);
}
