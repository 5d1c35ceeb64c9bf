/* Holding the file system of a running site still for a moment (ioctl_fsfreeze in fsfreeze(8)), so that its image can be copied as it is at
 * one point in time. Nothing may leave it frozen: besides us a second process waits for our end, and for the end of the time, and thaws. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The next mount of a folder below /data of an image, as mountinfo says it (proc_pid_mountinfo(5)). */
static bool read_mount(FILE *mounts, char *at, size_t size, dev_t *device)
{
	char line[4096], root[1024], place[1024];
	unsigned int major, minor;
	while (fgets(line, sizeof line, mounts)) {
		if (sscanf(line, "%*d %*d %u:%u %1023s %1023s", &major, &minor, root, place) != 4)
			continue;
		if (strncmp(root, "/data/", 6) != 0 || !strstr(line, " - ext4 ") || strlen(place) >= size)
			continue;
		strcpy(at, place);
		*device = makedev(major, minor);
		return true;
	}
	return false;
}

/* A folder of the image of a running container, and with it its file system. We join its mounts, and them only: what the site made of
 * the way there may hide the folder, but leads nowhere else (open_in_root), and its device is that of the image or it is none of ours. */
int open_site_files(const struct request *request)
{
	char path[64], at[1024];
	dev_t device;
	struct stat state;
	int pidfd = open_process(request->pid, request->start);
	if (pidfd < 0)
		fail("freeze", "the container's first process is gone");
	check_container_init(request->pid);
	snprintf(path, sizeof path, "/proc/%d/mountinfo", request->pid);
	FILE *mounts = fopen(path, "re");
	if (!mounts || setns(pidfd, CLONE_NEWNS))
		fail("freeze", "%m");
	close(pidfd);
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), files = -1;
	while (files < 0 && read_mount(mounts, at, sizeof at, &device)) {
		files = find_in_root(root, at, O_RDONLY | O_DIRECTORY);
		if (files >= 0 && (fstat(files, &state) || state.st_dev != device)) {
			close(files);
			files = -1;
		}
	}
	fclose(mounts);
	close(root);
	if (files < 0)
		fail("freeze", "the image of the container is not mounted");
	return files;
}

/* Ends with us, or when the time is up; whichever, the site goes on. */
static _Noreturn void be_watchdog(int files, int link, int timeout_ms)
{
	struct pollfd poller = {.fd = link, .events = POLLIN};
	setsid();
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	if (write(link, "w", 1) != 1)
		_exit(EXIT_FAILED);
	poll(&poller, 1, timeout_ms);
	_exit(ioctl(files, FITHAW, 0) && errno != EINVAL ? EXIT_FAILED : 0);
}

/* Frozen when this returns. `thaw_by_itself_ms` from now the watchdog thaws, whatever we do. */
void freeze(struct freezer *freezer, int files, int thaw_by_itself_ms)
{
	int links[2];
	char byte;
	freezer->files = files;
	/* Most of what is unwritten goes to the image before anybody has to wait. */
	if (syncfs(files) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links))
		fail("freeze", "%m");
	freezer->watchdog = fork();
	if (freezer->watchdog < 0)
		fail("freeze", "fork: %m");
	if (freezer->watchdog == 0) {
		close(links[0]);
		be_watchdog(files, links[1], thaw_by_itself_ms);
	}
	close(links[1]);
	freezer->link = links[0];
	if (read(links[0], &byte, 1) != 1)
		fail("freeze", "no watchdog");
	if (ioctl(files, FIFREEZE, 0))
		fail("freeze", "FIFREEZE: %m");
}

/* False when it had been thawed before us: then what was copied meanwhile is of no use. */
bool thaw(struct freezer *freezer)
{
	const bool held = ioctl(freezer->files, FITHAW, 0) == 0;
	close(freezer->link);
	await_exit(freezer->watchdog);
	close(freezer->files);
	return held;
}

/* For what a freezing that was killed may have left. */
int verb_thaw(const struct request *request)
{
	int files = open_site_files(request);
	if (ioctl(files, FITHAW, 0) && errno != EINVAL)
		fail("thaw", "%m");
	return 0;
}
