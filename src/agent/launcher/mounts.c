/* The root of a site: template below, layer above, data folders over it. All of it is mounted in a private mount
 * namespace before any byte of the site runs, and vanishes with it (mount_namespaces(7)). */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_how(int folder, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)flags | O_CLOEXEC, .resolve = resolve};
	return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/* A path of the new root, by openat2(2): no symlink of the tree is followed, and ".." ends at the root. */
int find_in_root(int root, const char *path, int flags)
{
	return open_how(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
}

int open_in_root(int root, const char *path, int flags)
{
	int fd = find_in_root(root, path, flags);
	if (fd < 0)
		fail("root", "%s: %m", path);
	return fd;
}

/* Shows the mount's ids 0 to 65535 as the site's range (mount_setattr(2), "ID-mapped mounts"); on disk they stay. */
static int clone_shifted(int folder, int users, uint64_t attributes, const char *step)
{
	int mount = open_tree(folder, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (mount < 0)
		fail(step, "open_tree: %m");
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | attributes,
		.userns_fd = (uint64_t)users,
	};
	if (mount_setattr(mount, "", AT_EMPTY_PATH, &attr, sizeof attr))
		fail(step, "this file system cannot shift ids: %m");
	return mount;
}

static void move_onto(int mount, int target, const char *path, const char *step)
{
	unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH | (*path ? 0 : MOVE_MOUNT_T_EMPTY_PATH);
	if (move_mount(mount, "", target, path, flags))
		fail(step, "move_mount: %m");
	close(mount);
}

/* A private tmpfs over the template's own place, which surely exists: there the parts are put together. Returns it
 * as the current folder, so that the overlay's options are short and tell no path of the host in mountinfo. */
static int make_scratch(int template)
{
	char place[32];
	snprintf(place, sizeof place, "/proc/self/fd/%d", template);
	/* Without nodev: the loop device is opened here. */
	if (mount("scratch", place, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=700,size=64k,nr_inodes=32"))
		fail("root", "scratch: %m");
	return 0;
}

static void mount_image(int scratch, int image)
{
	int loop;
	attach_image(image, scratch, "loop", &loop);
	/* noinit_itable: no kernel thread that fills a sparse image with zeros after its first mount (ext4(5)). */
	if (mount("loop", "image", "ext4", MS_NOSUID | MS_NODEV | MS_NOATIME, "errors=remount-ro,noinit_itable"))
		fail("image", "mount: %m");
	close(loop); /* the mount holds the device now, and with autoclear nobody else should */
}

/* The upper folder is on the plain mount, owned by the site's root: an overlay whose upper is id-mapped turns
 * read-only without a word. volatile: nobody needs to wait for a layer that the next start throws away. */
static void mount_overlay(void)
{
	struct statvfs state;
	if (mount("root", "root", "overlay", MS_NOSUID | MS_NODEV,
		  "lowerdir=lower,upperdir=image/layer/upper,workdir=image/layer/work,volatile"))
		fail("overlay", "mount: %m");
	if (statvfs("root", &state))
		fail("overlay", "%m");
	if (state.f_flag & ST_RDONLY)
		fail("overlay", "it came out read-only");
}

static int open_data_folder(int data, const char *folder)
{
	if (mkdirat(data, folder, 0755) && errno != EEXIST)
		fail("data", "%s: %m", folder);
	/* The names in data/ come from the agent, what stands there may come from a restored archive: no symlink, no
	 * mount point, nothing above is accepted (openat2(2)). */
	int fd = open_how(data, folder, O_RDONLY | O_DIRECTORY,
			  RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
	if (fd < 0)
		fail("data", "%s: %m", folder);
	return fd;
}

static void mount_data(const struct request *request, int root, int users)
{
	if (mkdir("image/data", 0755) && errno != EEXIST)
		fail("data", "%m");
	int data = open("image/data", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (data < 0)
		fail("data", "%m");
	for (size_t i = 0; i < request->data_count; i++) {
		int folder = open_data_folder(data, request->data[i].folder);
		int mount = clone_shifted(folder, users, 0, "data");
		/* A folder may lie in another that the site fills: its paths are as little trusted as the template's. */
		int target = open_in_root(root, request->data[i].at, O_PATH | O_DIRECTORY);
		move_onto(mount, target, "", "data");
		close(target);
		close(folder);
	}
	close(data);
}

/* Mounts everything but the kernel's own file systems; a descriptor of the new root. The image is already open: its
 * lock must have been taken before (start.c). */
int build_root(const struct request *request, int image, int users)
{
	/* Without this, what we mount would show on the host, whose root is a shared mount under systemd. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		fail("root", "private mounts: %m");
	int template = open(request->template, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (template < 0)
		fail("template", "%s: %m", request->template);
	/* While the template's own place still shows it; attached later, because an overlay takes only mounts of this
	 * namespace for layers (until kernel 6.15). */
	int lower = clone_shifted(template, users, MOUNT_ATTR_RDONLY, "template");
	make_scratch(template);
	int scratch = open(request->template, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (scratch < 0 || fchdir(scratch) || mkdir("lower", 0700) || mkdir("image", 0700) || mkdir("root", 0700))
		fail("root", "scratch: %m");
	mount_image(scratch, image);
	int image_root = open("image", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (image_root < 0)
		fail("image", "%m");
	renew_layer(image_root, request->base);
	move_onto(lower, scratch, "lower", "template");
	mount_overlay();
	int root = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		fail("root", "%m");
	mount_data(request, root, users);
	close(image_root);
	close(scratch);
	close(template);
	return root;
}

/* pivot_root(2), "pivot_root(".", ".")": the old root comes to lie over the new one and is taken off at once; with it
 * go the plain mounts of image and template. */
void enter_root(int root)
{
	if (fchdir(root) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
		fail("root", "pivot_root: %m");
	close(root);
}
