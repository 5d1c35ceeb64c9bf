/* The network namespace of a site, before the agent puts its cable in. Its settings belong to the host's root: nobody
 * inside can change them. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
	const char *path, *value;
	bool needed;
} settings[] = {
	/* Root inside owns no network namespace, so its CAP_NET_BIND_SERVICE and CAP_NET_RAW count for nothing here:
	 * port 80 and ping must be open to all (ip-sysctl in the kernel's documentation). */
	{"/proc/sys/net/ipv4/ip_unprivileged_port_start", "0", true},
	{"/proc/sys/net/ipv4/ping_group_range", "0 2147483647", true},
	/* Addresses are given, never learnt; and usable at once, without asking the neighbours. */
	{"/proc/sys/net/ipv6/conf/all/accept_ra", "0", false},
	{"/proc/sys/net/ipv6/conf/all/autoconf", "0", false},
	{"/proc/sys/net/ipv6/conf/all/accept_dad", "0", false},
	{"/proc/sys/net/ipv6/conf/default/accept_ra", "0", false},
	{"/proc/sys/net/ipv6/conf/default/autoconf", "0", false},
	{"/proc/sys/net/ipv6/conf/default/accept_dad", "0", false},
};

/* /proc/sys/net shows the network namespace of whoever opens the file, also through the host's /proc. */
void prepare_network(void)
{
	struct ifreq lo = {.ifr_name = "lo"};
	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		int fd = open(settings[i].path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT && !settings[i].needed)
			continue; /* a kernel without IPv6 */
		if (fd < 0 || write(fd, settings[i].value, strlen(settings[i].value)) < 0)
			fail("network", "%s: %m", settings[i].path);
		close(fd);
	}
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &lo)) /* netdevice(7) */
		fail("network", "lo: %m");
	lo.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &lo))
		fail("network", "lo: %m");
	close(fd);
}
