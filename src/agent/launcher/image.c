/* The image of a site: a file on a loop device, and the layer in it that is thrown away at each start. */
#define _GNU_SOURCE
#include "launch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LOOP_TRIES = 2000 };

/* A device node of our own in the private scratch folder: the host's /dev may lack it, whoever makes nodes there. */
static int open_node(int scratch, const char *node, mode_t kind, dev_t device)
{
	if (unlinkat(scratch, node, 0) && errno != ENOENT)
		fail("image", "%s: %m", node);
	if (mknodat(scratch, node, kind | 0600, device))
		fail("image", "%s: %m", node);
	return openat(scratch, node, O_RDWR | O_CLOEXEC);
}

/* Numbers of minors depend on the module's max_part: sysfs knows. */
static bool find_loop_device(int number, dev_t *device)
{
	char path[64], text[32];
	unsigned int major, minor;
	snprintf(path, sizeof path, "/sys/block/loop%d/dev", number);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return false;
	*device = makedev(major, minor);
	return true;
}

/* A free loop device with the image behind it (loop(4)); it frees itself when the last mount of it goes
 * (LO_FLAGS_AUTOCLEAR), so no crash can leave it behind. Between asking for a free number and taking it, another
 * start may be faster: then ask again, after a pause that differs between processes. */
void attach_image(int image, int scratch, const char *node, int *loop)
{
	struct loop_config config = {.fd = (__u32)image, .info = {.lo_flags = LO_FLAGS_AUTOCLEAR}};
	/* Major 10, minor 237 for ever (Documentation/admin-guide/devices.txt); opening it loads the module. */
	int control = open_node(scratch, "loop-control", S_IFCHR, makedev(10, 237));
	if (control < 0)
		fail("image", "loop-control: %m");
	for (int try = 0; try < LOOP_TRIES; try++) {
		dev_t device;
		int number = ioctl(control, LOOP_CTL_GET_FREE);
		if (number < 0)
			fail("image", "no free loop device: %m");
		if (find_loop_device(number, &device)) {
			*loop = open_node(scratch, node, S_IFBLK, device);
			if (*loop >= 0 && ioctl(*loop, LOOP_CONFIGURE, &config) == 0) {
				close(control);
				return;
			}
			if (*loop >= 0) {
				int reason = errno;
				close(*loop);
				errno = reason;
			}
			if (errno != EBUSY && errno != ENXIO && errno != ENODEV && errno != ENOENT)
				fail("image", "loop device %d: %m", number);
		}
		if (try > 3)
			poll(NULL, 0, 1 + (try + getpid()) % 3);
	}
	fail("image", "no free loop device after %d tries", LOOP_TRIES);
}

/* Removes what can be removed of a folder; folders that are not empty move up to `top`, whatever their depth, so that
 * neither our stack nor our descriptors grow with what a site built. True when something was removed or moved.
 * Nothing of the site runs, and no name is followed: unlinkat(2) and renameat(2) act on the entry itself. */
static bool empty_folder(int top, int folder, unsigned int *serial)
{
	bool progress = false;
	DIR *entries = fdopendir(fcntl(folder, F_DUPFD_CLOEXEC, 0));
	if (!entries)
		fail("layer", "%m");
	rewinddir(entries);
	for (struct dirent *entry; (entry = readdir(entries));) {
		char name[32];
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(folder, entry->d_name, 0) == 0 || unlinkat(folder, entry->d_name, AT_REMOVEDIR) == 0) {
			progress = true;
			continue;
		}
		/* The entry's name is the site's: it stays out of the message. */
		if (errno != ENOTEMPTY)
			fail("layer", "cannot remove an entry: %m");
		if (folder == top)
			continue;
		snprintf(name, sizeof name, ".%u", (*serial)++);
		if (renameat(folder, entry->d_name, top, name) == 0)
			progress = true;
		else if (errno != ENOSPC && errno != ENOTEMPTY && errno != EEXIST)
			fail("layer", "cannot move an entry: %m");
	}
	closedir(entries);
	return progress;
}

/* One pass over the folders right below `top`. On a full disk a move may have no room: then the next pass, which
 * comes after the removal of files, has. */
static bool empty_children(int top, unsigned int *serial)
{
	bool progress = false;
	DIR *entries = fdopendir(fcntl(top, F_DUPFD_CLOEXEC, 0));
	if (!entries)
		fail("layer", "%m");
	rewinddir(entries);
	for (struct dirent *entry; (entry = readdir(entries));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		int folder = openat(top, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (folder < 0)
			continue;
		progress |= empty_folder(top, folder, serial);
		close(folder);
		progress |= unlinkat(top, entry->d_name, AT_REMOVEDIR) == 0;
	}
	closedir(entries);
	return progress;
}

static bool is_empty(int folder)
{
	DIR *entries = fdopendir(fcntl(folder, F_DUPFD_CLOEXEC, 0));
	if (!entries)
		fail("layer", "%m");
	rewinddir(entries);
	int count = 0;
	while (count < 3 && readdir(entries))
		count++;
	closedir(entries);
	return count == 2; /* . and .. */
}

/* The overlay's upper and work folders, made new: the system part of a site is its template and nothing else. The
 * upper one belongs to the site's root, as the overlay's root will. */
void renew_layer(int image_root, uint32_t base)
{
	unsigned int serial = 0;
	if (mkdirat(image_root, "layer", 0700) && errno != EEXIST)
		fail("layer", "%m");
	int layer = openat(image_root, "layer", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (layer < 0)
		fail("layer", "%m");
	while (!is_empty(layer)) {
		bool progress = empty_folder(layer, layer, &serial);
		if (!(empty_children(layer, &serial) || progress))
			fail("layer", "cannot be emptied");
	}
	if (mkdirat(layer, "upper", 0755) || mkdirat(layer, "work", 0700))
		fail("layer", "%m");
	if (fchownat(layer, "upper", base, base, AT_SYMLINK_NOFOLLOW))
		fail("layer", "%m");
	close(layer);
}
