/* The settings of a site, read from the caller and laid in /run/ruche/settings of the container. */
#define _GNU_SOURCE
#include "launch.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SETTINGS_MAX_BYTES = 1024 * 1024, NAME_MAX_BYTES = 64 };

/* Until the end of the file, not until a pause: the caller may write in pieces. */
static size_t read_all(int fd, char *bytes, size_t size)
{
	size_t used = 0;
	for (;;) {
		ssize_t got = read(fd, bytes + used, size - used);
		if (got < 0)
			fail("settings", "%m");
		if (got == 0)
			return used;
		used += (size_t)got;
		if (used == size)
			refuse("the settings are larger than %d bytes", SETTINGS_MAX_BYTES);
	}
}

static void check_name(const char *name, size_t length)
{
	if (length > NAME_MAX_BYTES || !islower((unsigned char)name[0]) ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != length)
		refuse("a setting has a bad name");
}

/* Records `name NUL length NUL bytes`, to the end of the file. They hold secrets: never on a command line. */
struct setting *read_settings(int fd)
{
	char *bytes = malloc(SETTINGS_MAX_BYTES + 1);
	if (!bytes)
		fail("settings", "%m");
	size_t size = read_all(fd, bytes, SETTINGS_MAX_BYTES + 1);
	char *at = bytes, *end = bytes + size;
	struct setting *first = NULL;
	while (at < end) {
		struct setting *setting = malloc(sizeof *setting);
		char *name_end = memchr(at, 0, (size_t)(end - at));
		char *length_end = name_end ? memchr(name_end + 1, 0, (size_t)(end - name_end - 1)) : NULL;
		uint64_t length;
		if (!setting)
			fail("settings", "%m");
		if (!length_end || !read_number(name_end + 1, (uint64_t)(end - length_end - 1), &length))
			refuse("a setting is cut short");
		check_name(at, (size_t)(name_end - at));
		*setting = (struct setting){at, length_end + 1, (size_t)length, first};
		first = setting;
		at = length_end + 1 + length;
	}
	return first;
}

static int make_folder(int parent, const char *name, mode_t mode, uint32_t base)
{
	if (mkdirat(parent, name, mode) || fchownat(parent, name, base, base, AT_SYMLINK_NOFOLLOW))
		fail("settings", "%s: %m", name);
	int fd = openat(parent, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		fail("settings", "%s: %m", name);
	return fd;
}

/* /run is a fresh tmpfs that belongs to us alone until the site's first process runs. */
void lay_settings(int root, const struct setting *first, uint32_t base)
{
	/* Owned by the site's root, whom the boot script runs as; nobody else inside may read a password here. */
	int run = open_in_root(root, "run", O_PATH | O_DIRECTORY);
	int ruche = make_folder(run, "ruche", 0755, base);
	int folder = make_folder(ruche, "settings", 0700, base);
	for (const struct setting *setting = first; setting; setting = setting->next) {
		int fd = openat(folder, setting->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, setting->bytes, setting->size) != (ssize_t)setting->size || fchown(fd, base, base))
			fail("settings", "%s: %m", setting->name);
		close(fd);
	}
	close(folder);
	close(ruche);
	close(run);
}
