/* Are the services of a container there? Asked from inside, confined, until each has answered. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL_MS = 2, ENDING_MS = 1000, PROBES_MAX = 32 };

union address {
	struct sockaddr any;
	struct sockaddr_in tcp;
	struct sockaddr_un local;
};

static const char POSTMASTER[] = "postmaster:";

/* The file of a `postmaster:/path`, NULL when the probe is another. */
static const char *postmaster_file(const char *probe)
{
	const size_t length = sizeof POSTMASTER - 1;
	return strncmp(probe, POSTMASTER, length) == 0 && probe[length] == '/' ? probe + length : NULL;
}

/* `tcp:PORT` or `unix:/path`; false when it is neither. */
static bool read_address(const char *probe, union address *address, socklen_t *length)
{
	uint64_t port;
	memset(address, 0, sizeof *address);
	if (strncmp(probe, "tcp:", 4) == 0 && read_number(probe + 4, 65535, &port) && port > 0) {
		address->tcp.sin_family = AF_INET;
		address->tcp.sin_port = htons((uint16_t)port);
		address->tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		*length = sizeof address->tcp;
		return true;
	}
	if (strncmp(probe, "unix:/", 6) == 0 && strlen(probe + 5) < sizeof address->local.sun_path) {
		address->local.sun_family = AF_UNIX;
		memcpy(address->local.sun_path, probe + 5, strlen(probe + 5));
		*length = sizeof address->local;
		return true;
	}
	return false;
}

static void check_probes(char **probes, size_t count)
{
	union address address;
	socklen_t length;
	if (count > PROBES_MAX)
		refuse("more than %d probes", PROBES_MAX);
	for (size_t i = 0; i < count; i++)
		if (!postmaster_file(probes[i]) && !read_address(probes[i], &address, &length))
			refuse("a probe is tcp:PORT, unix:/PATH or postmaster:/PATH");
}

/*
 * PostgreSQL listens before it takes sessions: until then it refuses each with a line in its log. Line 8 of its
 * postmaster.pid says when (what `pg_ctl start` waits for, PostgreSQL 10 and newer). One that a killed server has left
 * says ready as well: the probe of its socket, which is new with each start, stands before this one.
 */
static bool takes_sessions(const char *path)
{
	char text[1024];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return false;
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	text[length > 0 ? length : 0] = 0;
	const char *line = text;
	for (int number = 1; line && number < 8; number++) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return line && strncmp(line, "ready", 5) == 0;
}

/* connect(2) to a socket of this machine is settled at once, unless the listener's queue is full. */
static bool answers(const char *probe)
{
	union address address;
	socklen_t length;
	if (postmaster_file(probe))
		return takes_sessions(postmaster_file(probe));
	if (!read_address(probe, &address, &length))
		return false;
	int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		fail("ready", "socket: %m");
	bool connected = connect(fd, &address.any, length) == 0;
	if (!connected && errno == EINPROGRESS) {
		struct pollfd poller = {.fd = fd, .events = POLLOUT};
		int error = 1;
		length = sizeof error;
		connected = poll(&poller, 1, INTERVAL_MS) > 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 &&
			    error == 0;
	}
	close(fd);
	return connected;
}

/* The clock that neither jumps nor stops counting for a change of the date (clock_gettime(2)). */
static long passed_ms(const struct timespec *since)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

/*
 * Each is asked once those before it have answered, and not again when it has; at the end all that are left, to say which
 * are silent.
 */
static int await_probes(char **probes, size_t count, long timeout_ms)
{
	struct timespec begin;
	char missing[512] = "";
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (;;) {
		const bool is_last = passed_ms(&begin) >= timeout_ms;
		size_t left = 0;
		for (size_t i = 0; i < count; i++)
			if ((left > 0 && !is_last) || !answers(probes[i]))
				probes[left++] = probes[i];
		count = left;
		if (count == 0)
			return 0;
		if (is_last)
			break;
		poll(NULL, 0, INTERVAL_MS);
	}
	for (size_t i = 0, used = 0; i < count && used < sizeof missing; i++)
		used += (size_t)snprintf(missing + used, sizeof missing - used, " %s", probes[i]);
	dprintf(STDERR_FILENO, "launch: ready: no answer from%s\n", missing);
	return EXIT_READY_TIMED_OUT;
}

/* Has a confined process do something inside, as the site's root; its exit code, or EXIT_READY_GONE. */
int act_inside(const struct request *request, int (*act)(const struct request *request))
{
	int links[2], status;
	syscall(SYS_close_range, 3u, ~0u, 0);
	int pidfd = open_process(request->pid, request->start);
	if (pidfd < 0)
		return EXIT_READY_GONE;
	check_container_init(request->pid);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links))
		fail("ready", "%m");
	pid_t pid = setns(pidfd, CLONE_NEWPID) ? -1 : fork();
	if (pid == 0) {
		close(links[0]);
		reset_inherited();
		forget_arguments();
		die_with_parent(links[1]);
		setsid();
		step_inside(request, pidfd, 0, 0);
		die_with_parent(links[1]);
		lock_down();
		_exit(act(request));
	}
	const int reason = errno;
	bool waited = pid > 0 && waitpid(pid, &status, 0) == pid;
	/* Whoever is inside dies with the container's first process, and a little before it (pid_namespaces(7)). */
	bool killed = !waited || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	if (poll(&(struct pollfd){.fd = pidfd, .events = POLLIN}, 1, killed ? ENDING_MS : 0) > 0)
		return EXIT_READY_GONE;
	errno = reason;
	if (!waited)
		fail("ready", "%m");
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}

static int ask_probes(const struct request *request)
{
	return await_probes(request->rest, request->rest_count, request->timeout_ms);
}

int verb_ready(const struct request *request)
{
	check_probes(request->rest, request->rest_count);
	return act_inside(request, ask_probes);
}
