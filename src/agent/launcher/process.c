/* Processes seen from the host: who they are (pid and start time: pids are used again), cgroups, what they inherit. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t length = read(fd, text, size - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	return true;
}

/* Field 22 of /proc/PID/stat, counted after the last ')' because a program may put anything in its name (proc(5)).
 * A zombie counts as gone: nothing of it can be signalled or entered. */
bool find_start_time(pid_t pid, uint64_t *start)
{
	char path[64], text[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if (!read_file(path, text, sizeof text))
		return false;
	char *at = strrchr(text, ')');
	if (!at || at[1] != ' ' || strchr("ZXx", at[2]))
		return false;
	at += 2;
	for (int field = 3; field < 22; field++) {
		at = strchr(at, ' ');
		if (!at)
			return false;
		at++;
	}
	*start = strtoull(at, NULL, 10);
	return true;
}

/* A pidfd of exactly that process, or -1 with ESRCH. The start time is read after pidfd_open(2): if it is right then,
 * the descriptor cannot belong to a later process of the same number. */
int open_process(pid_t pid, uint64_t start)
{
	uint64_t seen;
	int pidfd = pidfd_open(pid, 0);
	if (pidfd >= 0 && find_start_time(pid, &seen) && seen == start)
		return pidfd;
	if (pidfd >= 0)
		close(pidfd);
	else if (errno != ESRCH && errno != EINVAL) /* EINVAL: a thread's number, on kernels before 6.9 */
		fail("process", "pidfd_open %d: %m", pid);
	errno = ESRCH;
	return -1;
}

/* Only a process that is number 1 of a pid namespace below ours and that has a user namespace of its own may be
 * entered: anything else would run a command with the host's power. */
void check_container_init(pid_t pid)
{
	char path[64], text[4096];
	struct stat ours, theirs;
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	if (!read_file(path, text, sizeof text))
		fail("process", "%d: %m", pid);
	/* "NSpid:" and then the number in each pid namespace from ours downwards, after a tab each. */
	const char *line = strstr(text, "\nNSpid:\t");
	size_t length = line ? strcspn(line + 1, "\n") : 0;
	if (!line || !memchr(line + 8, '\t', length - 7) || strncmp(line + 1 + length - 2, "\t1", 2) != 0)
		fail("process", "%d is not the first process of a container", pid);
	snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
	if (stat("/proc/self/ns/user", &ours) || stat(path, &theirs))
		fail("process", "%s: %m", path);
	if (ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev)
		fail("process", "%d has no user namespace of its own", pid);
}

/* "0" stands for the writer (cgroups(7)). The process that will be confined joins, not the one that waits for it: so
 * a site at its limit of processes or memory can still be entered, and cannot kill the one who waits. */
void join_cgroups(const struct request *request)
{
	for (size_t i = 0; i < request->cgroup_count; i++) {
		int fd = open(request->cgroups[i], O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, "0", 1) != 1)
			fail("cgroup", "%s: %m", request->cgroups[i]);
		close(fd);
	}
}

/* Ignored signals and the mask outlive execve(2); our handlers do not, but act until then. */
void reset_signals(void)
{
	sigset_t none;
	sigemptyset(&none);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* What our caller happened to have must not reach a site: root's session keyring hangs on every child (keyctl(2); no
 * failure where the kernel has no keyrings), and the agent may be protected from the OOM killer (proc(5)). */
void reset_inherited(void)
{
	char score[16];
	reset_signals();
	syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL, 0, 0, 0);
	if (!read_file("/proc/self/oom_score_adj", score, sizeof score))
		fail("confine", "oom_score_adj: %m");
	if (score[0] != '-')
		return; /* lower needs CAP_SYS_RESOURCE, and is no favour to the host */
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		fail("confine", "oom_score_adj: %m");
	close(fd);
}

/* All limits, so that a site does not depend on where the agent was started (getrlimit(2)); but none above what the
 * host gives us. Those on memory that is locked, signals and message queues also bound the site as a whole: see users.c. */
void set_limits(void)
{
	const rlim_t mib = 1024 * 1024, none = RLIM_INFINITY;
	const struct {
		int resource;
		rlim_t soft, hard;
	} limits[] = {
		{RLIMIT_NOFILE, 4096, 8192},       {RLIMIT_CORE, 0, 0},       {RLIMIT_STACK, 8 * mib, none},
		{RLIMIT_MEMLOCK, mib, mib},        {RLIMIT_MSGQUEUE, 204800, 204800}, {RLIMIT_SIGPENDING, 4096, 4096},
		{RLIMIT_NICE, 0, 0},               {RLIMIT_RTPRIO, 0, 0},     {RLIMIT_NPROC, none, none},
		{RLIMIT_AS, none, none},           {RLIMIT_DATA, none, none}, {RLIMIT_FSIZE, none, none},
		{RLIMIT_CPU, none, none},          {RLIMIT_RSS, none, none},
	};
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		const __rlimit_resource_t resource = (__rlimit_resource_t)limits[i].resource;
		struct rlimit limit;
		if (getrlimit(resource, &limit))
			fail("confine", "limit %d: %m", limits[i].resource);
		limit.rlim_max = limits[i].hard < limit.rlim_max ? limits[i].hard : limit.rlim_max;
		limit.rlim_cur = limits[i].soft < limit.rlim_max ? limits[i].soft : limit.rlim_max;
		if (setrlimit(resource, &limit))
			fail("confine", "limit %d: %m", limits[i].resource);
	}
}

/* PR_SET_PDEATHSIG is lost when credentials change (prctl(2)), so this is called again after; and it does not say
 * that the parent died before: the other end of the link does. */
static bool outlives_parent(int link, int number)
{
	struct pollfd poller = {.fd = link, .events = POLLRDHUP};
	if (prctl(PR_SET_PDEATHSIG, number, 0, 0, 0))
		fail("confine", "PR_SET_PDEATHSIG: %m");
	return poll(&poller, 1, 0) > 0 && poller.revents & (POLLHUP | POLLRDHUP);
}

void die_with_parent(int link)
{
	if (outlives_parent(link, SIGKILL))
		_exit(EXIT_FAILED);
}

/* Whoever loses its parent becomes our child (end_all_with_parent): all have ended when we have none. Their numbers
 * cannot be others' meanwhile, because we have not yet waited for them. Safe in a handler (signal-safety(7)). */
static void end_all(int number)
{
	char text[4096];
	(void)number;
	do {
		if (!read_file("/proc/thread-self/children", text, sizeof text))
			continue;
		for (char *at = text; *at; at += strspn(at, " ")) {
			pid_t child = 0;
			for (; *at >= '0' && *at <= '9'; at++)
				child = child * 10 + (*at - '0');
			/* A number that was cut off at the end of the text waits for the next round. */
			if (*at != ' ')
				break;
			kill(child, SIGKILL);
		}
	} while (waitpid(-1, NULL, 0) > 0);
	_exit(EXIT_FAILED);
}

/* As die_with_parent, with all descendants, whatever sessions they made: the death signal alone reaches only a child
 * (PR_SET_CHILD_SUBREAPER in prctl(2)). For those who are inside: /proc must count processes as they do. */
void end_all_with_parent(int link)
{
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = end_all}, NULL);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		fail("confine", "PR_SET_CHILD_SUBREAPER: %m");
	if (outlives_parent(link, SIGALRM))
		end_all(SIGALRM);
}

static volatile pid_t *passed_to;

static void pass_on(int number)
{
	const int reason = errno;
	if (*passed_to <= 0)
		_exit(128 + number);
	/* Its whole group, once it has one. */
	if (kill(-*passed_to, number))
		kill(*passed_to, number);
	errno = reason;
}

/* What would end us ends the command first, so that we can wait for it. Set before that process is made; while it is
 * 0, the signals end us. */
void pass_signals_on(volatile pid_t *to)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
	passed_to = to;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		sigaction(numbers[i], &(struct sigaction){.sa_handler = pass_on, .sa_flags = SA_RESTART}, NULL);
}

/* Its exit code, as shells say it: 128 plus the number of the signal that ended it. */
int await_exit(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			fail("process", "waitpid: %m");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Waits for the command and for all that falls to us meanwhile, as process 1 must (pid_namespaces(7)); ends with its
 * exit code. */
void keep(pid_t command)
{
	for (;;) {
		siginfo_t ended = {0};
		/* Look first, and take it only if it is not the command: await_exit does that. */
		if (waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT)) {
			if (errno != EINTR)
				_exit(EXIT_FAILED);
		} else if (ended.si_pid == command) {
			_exit(await_exit(command));
		} else {
			waitpid(ended.si_pid, NULL, WNOHANG);
		}
	}
}

int verb_signal(const struct request *request)
{
	uint64_t number;
	if (request->rest_count != 1 || !read_number(request->rest[0], NSIG - 1, &number))
		refuse("signal wants one number");
	int pidfd = open_process(request->pid, request->start);
	if (pidfd < 0)
		return EXIT_SIGNAL_GONE;
	if (pidfd_send_signal(pidfd, (int)number, NULL, 0) == 0)
		return 0;
	if (errno == ESRCH)
		return EXIT_SIGNAL_GONE;
	fail("signal", "%d: %m", request->pid);
}
