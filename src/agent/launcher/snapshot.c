/* A copy of an image as it is at one point in time: of a stopped site, or of a running one that is held still for a moment. Where the file
 * system of the host can share blocks (FICLONE in ioctl_ficlone(2)) the copy is one call. Elsewhere everything is copied while the site goes on,
 * and while it is held only compared, and what has changed is copied again: reading is quicker than writing. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 128 * 1024, WATCHDOG_MARGIN_MS = 200 };

struct copy {
	int from, to;
	off_t size;
	long deadline_ms; /* 0: none */
	bool compare;	  /* an earlier pass has copied everything */
	unsigned long long written;
};

static bool is_zero(const char *bytes, size_t size)
{
	return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static void write_whole(int to, const char *bytes, size_t size, off_t at)
{
	while (size > 0) {
		ssize_t written = pwrite(to, bytes, size, at);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			fail("snapshot", "write: %m");
		bytes += written;
		size -= (size_t)written;
		at += written;
	}
}

static size_t read_whole(int from, char *bytes, size_t size, off_t at)
{
	size_t got = 0;
	while (got < size) {
		ssize_t more = pread(from, bytes + got, size - got, at + (off_t)got);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			fail("snapshot", "read: %m");
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return got;
}

/* What has become empty since the earlier pass. */
static void punch(const struct copy *copy, off_t at, off_t size)
{
	if (copy->compare && size > 0 && fallocate(copy->to, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, size))
		fail("snapshot", "hole: %m");
}

static void copy_chunk(struct copy *copy, off_t at, size_t size)
{
	static char ours[CHUNK], theirs[CHUNK];
	size_t got = read_whole(copy->from, ours, size, at);
	memset(ours + got, 0, size - got);
	if (copy->compare) {
		got = read_whole(copy->to, theirs, size, at);
		memset(theirs + got, 0, size - got);
		if (memcmp(ours, theirs, size) == 0)
			return;
	}
	if (is_zero(ours, size)) {
		punch(copy, at, (off_t)size);
		return;
	}
	write_whole(copy->to, ours, size, at);
	copy->written += size;
}

/* From data to data, over the holes (lseek(2)). False when the time is up. */
static bool copy_all(struct copy *copy)
{
	for (off_t at = 0; at < copy->size;) {
		off_t data = lseek(copy->from, at, SEEK_DATA);
		if (data < 0 && errno != ENXIO)
			fail("snapshot", "SEEK_DATA: %m");
		if (data < 0 || data > copy->size)
			data = copy->size;
		punch(copy, at, data - at);
		off_t end = data < copy->size ? lseek(copy->from, data, SEEK_HOLE) : copy->size;
		if (end < 0 || end > copy->size)
			end = copy->size;
		for (at = data; at < end; at += CHUNK) {
			if (copy->deadline_ms && now_ms() > copy->deadline_ms)
				return false;
			copy_chunk(copy, at, (size_t)(end - at < CHUNK ? end - at : CHUNK));
		}
		at = end;
	}
	return true;
}

static bool share_blocks(const struct copy *copy)
{
	if (ioctl(copy->to, FICLONE, copy->from) == 0)
		return true;
	if (errno != EOPNOTSUPP && errno != EXDEV && errno != EINVAL && errno != ENOTTY)
		fail("snapshot", "FICLONE: %m");
	return false;
}

/* True when the copy is whole, and was made while the site was held. */
static bool copy_running(struct copy *copy, int files, long timeout_ms, long *frozen_ms)
{
	struct freezer freezer;
	/* What waits to be written is written while the site goes on (syncfs(2)): freezing does the rest, and the first pass sees it. */
	syncfs(files);
	const bool shares = share_blocks(copy);
	if (!shares) {
		copy_all(copy);
		syncfs(files);
	}
	copy->compare = true;
	copy->written = 0;
	const long begin = now_ms();
	freeze(&freezer, files, (int)timeout_ms);
	copy->deadline_ms = begin + timeout_ms - WATCHDOG_MARGIN_MS;
	const bool whole = shares ? share_blocks(copy) : copy_all(copy);
	const bool held = thaw(&freezer);
	*frozen_ms = now_ms() - begin;
	return whole && held;
}

static int open_copy(const char *path, off_t size)
{
	int to = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0 || ftruncate(to, size))
		fail("snapshot", "%s: %m", path);
	return to;
}

/* Says on stdout what it did: `FROZEN_MS WRITTEN_BYTES`, the bytes that were written while the site was held. */
int verb_snapshot(const struct request *request)
{
	struct copy copy = {0};
	struct stat state;
	long frozen_ms = 0;
	bool done = true;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	syscall(SYS_close_range, 3u, ~0u, 0);
	copy.from = request->pid ? open(request->image, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : open_image(request->image);
	if (copy.from < 0 || fstat(copy.from, &state) || !S_ISREG(state.st_mode))
		fail("snapshot", "%s: %m", request->image);
	copy.size = state.st_size;
	copy.to = open_copy(request->to, copy.size);
	if (request->pid)
		done = copy_running(&copy, open_site_files(request), request->timeout_ms, &frozen_ms);
	else if (!share_blocks(&copy))
		done = copy_all(&copy);
	if (!done)
		return EXIT_SNAPSHOT_LATE;
	if (fsync(copy.to))
		fail("snapshot", "fsync: %m");
	printf("%ld %llu\n", frozen_ms, copy.written);
	return fflush(stdout) ? EXIT_FAILED : 0;
}
