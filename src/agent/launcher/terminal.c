/* A terminal for a command inside that is led from outside. It is one of the site's own (its devpts), held by a confined
 * process between the command and our pipes: no terminal of the host is ever within reach of a site (TIOCSTI), and
 * what the host gets are bytes (pty(7)). */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Bytes on their way; more is only read when these have gone, so whoever is slow slows the other. */
struct flow {
	int from, to;
	char bytes[16384];
	size_t at, end;
};

/* Rows and columns as two 16-bit numbers of this machine. False when nobody is there any more. */
static bool read_size(int lead)
{
	static unsigned char bytes[4];
	static size_t have;
	ssize_t got = read(FD_SIZE, bytes + have, sizeof bytes - have);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	have += (size_t)got;
	if (have < sizeof bytes)
		return got != 0;
	uint16_t numbers[2];
	memcpy(numbers, bytes, sizeof numbers);
	have = 0;
	/* A size that the kernel does not take changes nothing; the foreground gets SIGWINCH by itself. */
	ioctl(lead, TIOCSWINSZ, &(struct winsize){.ws_row = numbers[0], .ws_col = numbers[1]});
	return true;
}

/* False when `from` has come to its end. */
static bool fill(struct flow *flow)
{
	ssize_t got = read(flow->from, flow->bytes, sizeof flow->bytes);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	flow->at = 0;
	flow->end = (size_t)got;
	return got != 0;
}

static bool drain(struct flow *flow)
{
	ssize_t sent = write(flow->to, flow->bytes + flow->at, flow->end - flow->at);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR;
	flow->at += (size_t)sent;
	return true;
}

static bool is_empty(const struct flow *flow)
{
	return flow->at == flow->end;
}

/* Until the command has left the terminal (EIO, when nobody inside has it open any more), or who leads it has gone. */
static void carry(int lead)
{
	static struct flow in, out;
	bool has_size = true;
	in.from = STDIN_FILENO, in.to = lead;
	out.from = lead, out.to = STDOUT_FILENO;
	for (;;) {
		struct pollfd polls[] = {
			/* An end that has gone is told whether it is asked for or not: whoever must wait is not asked. */
			{.fd = is_empty(&in) ? STDIN_FILENO : -1, .events = POLLIN},
			{.fd = is_empty(&in) && !is_empty(&out) ? -1 : lead, .events = (short)((is_empty(&in) ? 0 : POLLOUT) | (is_empty(&out) ? POLLIN : 0))},
			{.fd = STDOUT_FILENO, .events = is_empty(&out) ? 0 : POLLOUT},
			{.fd = has_size ? FD_SIZE : -1, .events = POLLIN},
		};
		if (poll(polls, sizeof polls / sizeof polls[0], -1) < 0 && errno != EINTR)
			return;
		if (polls[3].revents)
			has_size = read_size(lead);
		if (polls[2].revents && (is_empty(&out) || !drain(&out)))
			return;
		if (polls[1].revents & (POLLIN | POLLHUP) && is_empty(&out) && !fill(&out))
			return;
		/* What it says last is passed on although nothing can be written to it any more. */
		if (polls[1].revents & POLLOUT && !drain(&in))
			in.at = in.end;
		if (polls[0].revents && !fill(&in))
			return;
	}
}

static int open_terminal(uid_t owner, int *lead)
{
	int unlocked = 0;
	*lead = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*lead < 0 || ioctl(*lead, TIOCSPTLCK, &unlocked))
		fail("terminal", "%m");
	int line = ioctl(*lead, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	/* Programs open their terminal again by its name. */
	if (line < 0 || fchown(line, owner, (gid_t)-1))
		fail("terminal", "%m");
	return line;
}

/* The command runs in a session of its own with the terminal; its exit code is ours. The first size is waited for. */
void lead_terminal(const struct request *request)
{
	int lead, line = open_terminal(request->terminal_owner, &lead);
	read_size(lead);
	pid_t command = fork();
	if (command < 0)
		fail("terminal", "fork: %m");
	if (command == 0) {
		if (setsid() < 0 || ioctl(line, TIOCSCTTY, 0))
			fail("terminal", "%m");
		for (int fd = 0; fd <= 2; fd++)
			if (dup2(line, fd) < 0)
				fail("terminal", "%m");
		run_command(request);
	}
	close(line);
	signal(SIGPIPE, SIG_IGN);
	/* Whoever leads it and goes says so by the end of our input; the command is then hung up on, not killed. */
	signal(SIGTERM, SIG_IGN);
	const int ours[] = {lead, STDIN_FILENO, STDOUT_FILENO, FD_SIZE};
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		fcntl(ours[i], F_SETFL, fcntl(ours[i], F_GETFL) | O_NONBLOCK);
	carry(lead);
	/* Whoever is still in the session is told that its terminal has gone (SIGHUP). */
	close(lead);
	_exit(await_exit(command));
}
