/* Starting a container, or rescuing a stopped one: the same mounts and the same confinement, for a moment.
 *
 * launch (on the host)                    the first process of the container
 *   settings, image and its lock
 *   user namespace (users.c)
 *   unshare(CLONE_NEWPID), fork  ------>  joins cgroups; other namespaces; network; mounts; pivot_root
 *                                         becomes the site's root: no power over the host from here
 *   "ready PID START" to the caller  <--  r
 *                                         waits at the gate, until the caller has put the network cable in
 *                                         descriptors, filter
 *   waits for the end of the link  <----  x, execve: the link closes by itself
 *   ends; the container lives on
 *
 * Whatever fails says so on stderr by itself and ends; the other side sees the link close. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { IMAGE_WAIT_MS = 5000 };

struct container {
	const struct request *request;
	const struct setting *settings;
	int image, users;
	int link; /* between us and the first process: tells each that the other is gone */
};

long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Two mounts of one image would destroy it. The lock of flock(2) belongs to this open file, which the loop device
 * keeps until the last mount of a dying container is gone: so holding it means that nobody else has the image. */
int open_image(const char *path)
{
	struct stat state;
	int image = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (image < 0 || fstat(image, &state))
		fail("image", "%s: %m", path);
	if (!S_ISREG(state.st_mode))
		fail("image", "%s is not a regular file", path);
	const long deadline = now_ms() + IMAGE_WAIT_MS;
	while (flock(image, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK)
			fail("image", "%s: %m", path);
		if (now_ms() > deadline)
			fail("image", "%s is in use", path);
		poll(NULL, 0, 2);
	}
	return image;
}

/* The part of starting and rescuing that needs the host's power; ends with the root mounted and entered. */
static void build_container(const struct container *container, const char *hostname)
{
	const struct request *request = container->request;
	/* First of all, so that nothing done for the site escapes its limits; and CLONE_NEWCGROUP takes the present cgroups
	 * as its roots (cgroup_namespaces(7)). */
	join_cgroups(request);
	umask(0); /* the modes below are meant as written */
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP))
		fail("namespaces", "unshare: %m");
	prepare_network();
	if (sethostname(hostname, strlen(hostname)))
		fail("namespaces", "sethostname: %m");
	int root = build_root(request, container->image, container->users);
	mount_kernel_files(root, request->base);
	lay_settings(root, container->settings, request->base);
	enter_root(root);
	hide_kernel_files();
}

/* Waits for the caller's byte; its end of the gate closed, or our parent dead, means that nobody wants us. */
static void pass_gate(int link)
{
	struct pollfd pollers[] = {{.fd = FD_GATE, .events = POLLIN}, {.fd = link, .events = POLLRDHUP}};
	char byte;
	while (poll(pollers, 2, -1) < 0)
		if (errno != EINTR)
			fail("gate", "%m");
	if (pollers[1].revents)
		_exit(EXIT_FAILED);
	if (read(FD_GATE, &byte, 1) != 1)
		fail("gate", "closed before the network was there");
}

/* Process 1 of the site. Nothing of the site is read or run before the last line. */
static _Noreturn void be_first_process(const struct container *container)
{
	const struct request *request = container->request;
	reset_inherited();
	die_with_parent(container->link);
	build_container(container, request->hostname);
	setsid(); /* no terminal of the caller, no signals to its group */
	become_tenant(container->users, 0, 0);
	die_with_parent(container->link);
	if (write(container->link, "r", 1) != 1)
		_exit(EXIT_FAILED);
	pass_gate(container->link);
	/* Descriptor 0 was the settings. 1 and 2 stay: the site's console, which the caller chose for it. */
	int null = open("/dev/null", O_RDONLY);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		fail("exec", "/dev/null: %m");
	/* From here the container lives without us. */
	prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
	if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC))
		fail("exec", "close_range: %m");
	lock_down();
	if (write(container->link, "x", 1) != 1)
		_exit(EXIT_FAILED);
	execve(request->rest[0], request->rest, init_environment);
	/* First the words, then the sign: our parent may end us as soon as it has seen it. */
	complain("exec", "%s: %m", request->rest[0]);
	ssize_t written = write(container->link, "f", 1);
	(void)written;
	_exit(EXIT_FAILED);
}

/* Prepares what needs no namespace, then makes the first process; in it, returns 0. unshare(CLONE_NEWPID) counts for
 * children only (pid_namespaces(7)); a user namespace could not be entered by a process with threads: we have none. */
static pid_t fork_first_process(struct container *container)
{
	int links[2];
	signal(SIGPIPE, SIG_IGN); /* a caller that has gone is an error to clean up after, not an end */
	container->image = open_image(container->request->image);
	container->users = make_user_namespace(container->request->base);
	set_limits();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links) || unshare(CLONE_NEWPID))
		fail("namespaces", "%m");
	pid_t pid = fork();
	if (pid < 0)
		fail("namespaces", "fork: %m");
	container->link = links[pid == 0];
	close(links[pid != 0]);
	if (pid != 0) {
		/* The image's lock must not outlive the container because of us. */
		close(container->image);
		close(container->users);
	}
	return pid;
}

/* Waits for all that the first process held: namespaces, mounts and the loop device go before it can be waited for. */
static int give_up(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return EXIT_FAILED;
}

static bool await_word(int link, char word)
{
	char byte;
	ssize_t got;
	while ((got = read(link, &byte, 1)) < 0 && errno == EINTR)
		;
	return got == 1 && byte == word;
}

int verb_start(const struct request *request)
{
	struct container container = {.request = request};
	uint64_t start;
	syscall(SYS_close_range, (unsigned int)FD_FIRST_FREE, ~0u, 0);
	if (fcntl(FD_STATUS, F_GETFD) < 0 || fcntl(FD_GATE, F_GETFD) < 0)
		refuse("start wants open descriptors 3 (status) and 4 (gate)");
	container.settings = read_settings(STDIN_FILENO);
	pid_t pid = fork_first_process(&container);
	if (pid == 0) {
		close(FD_STATUS);
		be_first_process(&container);
	}
	/* The gate is the first process's. On failure that process has said why. */
	close(FD_GATE);
	if (!await_word(container.link, 'r'))
		return give_up(pid);
	if (!find_start_time(pid, &start) || dprintf(FD_STATUS, "ready %d %llu\n", pid, (unsigned long long)start) < 0)
		return give_up(pid);
	/* "x", then the end of the link: it closed as the init program took over; or "f": it could not. */
	if (!await_word(container.link, 'x') || await_word(container.link, 'f'))
		return give_up(pid);
	return 0;
}

/* `run`: what the confined process does. */
static _Noreturn void be_rescue(const struct container *container, bool with_terminal,
				void (*run)(const struct request *request))
{
	static volatile pid_t command;
	const struct request *request = container->request;
	reset_inherited();
	forget_arguments();
	die_with_parent(container->link);
	build_container(container, "rescue");
	pass_signals_on(&command);
	/* Forked before the power goes: only the host's root may take over a terminal. */
	command = fork();
	if (command < 0)
		fail("exec", "fork: %m");
	if (command == 0) {
		reset_signals();
		own_session(with_terminal);
		become_tenant(container->users, request->uid, request->gid);
		lock_down();
		run(request);
		_exit(EXIT_FAILED);
	}
	become_tenant(container->users, 0, 0);
	die_with_parent(container->link);
	syscall(SYS_close_range, 3u, ~0u, 0);
	lock_down();
	keep(command);
}

static int rescue(const struct request *request, void (*run)(const struct request *request))
{
	struct container container = {.request = request};
	const bool with_terminal = leads_terminal();
	static volatile pid_t first;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	syscall(SYS_close_range, 3u, ~0u, 0);
	pass_signals_on(&first);
	first = fork_first_process(&container);
	if (first == 0)
		be_rescue(&container, with_terminal, run);
	return await_exit(first);
}

int verb_rescue(const struct request *request)
{
	return rescue(request, run_command);
}

int verb_prove(const struct request *request)
{
	return rescue(request, prove_confinement);
}
