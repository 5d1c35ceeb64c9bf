/* Tells the agent of the end of containers, whoever their parent is by now. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

struct watched {
	int pidfd;
	pid_t pid;
	uint64_t start;
};

static void say_gone(pid_t pid, uint64_t start)
{
	if (dprintf(STDOUT_FILENO, "gone %d %llu\n", pid, (unsigned long long)start) < 0)
		_exit(EXIT_FAILED); /* nobody listens any more */
}

static void watch_process(int poll, pid_t pid, uint64_t start)
{
	int pidfd = open_process(pid, start);
	struct watched *watched;
	if (pidfd < 0) {
		say_gone(pid, start);
		return;
	}
	watched = malloc(sizeof *watched);
	if (!watched)
		fail("watch", "%m");
	*watched = (struct watched){pidfd, pid, start};
	/* A pidfd becomes readable when its process ends (pidfd_open(2)). */
	if (epoll_ctl(poll, EPOLL_CTL_ADD, pidfd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = watched}))
		fail("watch", "%m");
}

static void read_line(int poll, char *line)
{
	uint64_t pid, start;
	char *blank = strchr(line, ' ');
	if (blank)
		*blank = '\0';
	if (!blank || !read_number(line, INT32_MAX, &pid) || pid == 0 || !read_number(blank + 1, UINT64_MAX, &start))
		refuse("watch wants lines of PID STARTTIME");
	watch_process(poll, (pid_t)pid, start);
}

/* False at the end of the input. A line may come in pieces: what is not ended yet waits for the next read. */
static bool read_lines(int poll)
{
	static char text[4096];
	static size_t used;
	ssize_t got = read(STDIN_FILENO, text + used, sizeof text - 1 - used);
	if (got < 0 && errno == EINTR)
		return true;
	if (got <= 0)
		return false;
	used += (size_t)got;
	text[used] = '\0';
	char *line = text, *end;
	while ((end = memchr(line, '\n', used - (size_t)(line - text)))) {
		*end = '\0';
		read_line(poll, line);
		line = end + 1;
	}
	used -= (size_t)(line - text);
	memmove(text, line, used);
	if (used == sizeof text - 1)
		refuse("watch wants lines of PID STARTTIME");
	return true;
}

static void report_end(struct watched *watched)
{
	say_gone(watched->pid, watched->start);
	close(watched->pidfd); /* leaves the epoll set with it (epoll(7)) */
	free(watched);
}

int verb_watch(void)
{
	struct rlimit files;
	signal(SIGPIPE, SIG_IGN);
	/* One descriptor per container. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	int poll = epoll_create1(EPOLL_CLOEXEC);
	if (poll < 0)
		fail("watch", "%m");
	if (epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &(struct epoll_event){.events = EPOLLIN})) {
		while (errno == EPERM && read_lines(poll))
			errno = EPERM; /* a file, which never blocks: its end is ours */
		return 0;
	}
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(poll, events, 16, -1);
		if (count < 0 && errno != EINTR)
			fail("watch", "%m");
		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr)
				report_end(events[i].data.ptr);
			else if (!read_lines(poll))
				return 0;
		}
	}
}
