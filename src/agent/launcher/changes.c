/* Tells the agent that somebody changed something of the network: links, addresses, neighbours, rules of routing (rtnetlink(7)), or the firewall
 * (nfnetlink). What nobody changed need not be looked at. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* One word for all that happens within so long. */
static const struct timespec pause_between = {.tv_nsec = 200000000};

static const int route_groups[] = {RTNLGRP_LINK,	RTNLGRP_NEIGH,	   RTNLGRP_IPV4_IFADDR,
				   RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE};
static const int filter_groups[] = {NFNLGRP_NFTABLES};

static int listen_to(int protocol, const int *groups, size_t count)
{
	struct sockaddr_nl own = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof own))
		fail("changes", "netlink: %m");
	for (size_t i = 0; i < count; i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]))
			fail("changes", "group %d: %m", groups[i]);
	return fd;
}

/* Neighbours elsewhere than on the bridge come and go as people visit; and a question for one is no change (RTM_GETNEIGH). */
static bool is_change(const struct nlmsghdr *message, const char *bridge)
{
	const struct ndmsg *neighbour = NLMSG_DATA(message);
	char name[IF_NAMESIZE];
	if (message->nlmsg_type == RTM_GETNEIGH)
		return false;
	if (message->nlmsg_type != RTM_NEWNEIGH && message->nlmsg_type != RTM_DELNEIGH)
		return true;
	if (neighbour->ndm_family == AF_BRIDGE || !if_indextoname((unsigned)neighbour->ndm_ifindex, name))
		return true;
	return strcmp(name, bridge) == 0;
}

/* All that waits, so that what comes later is told again. What did not fit into the socket's memory (ENOBUFS) is a change as well. */
static bool take_changes(int fd, const char *bridge)
{
	static char text[32768] __attribute__((aligned(NLMSG_ALIGNTO)));
	bool changed = false;
	for (;;) {
		ssize_t got = recv(fd, text, sizeof text, 0);
		if (got < 0 && errno == EAGAIN)
			return changed;
		if (got < 0 && errno != ENOBUFS && errno != EINTR)
			fail("changes", "recv: %m");
		if (got < 0) {
			changed |= errno == ENOBUFS;
			continue;
		}
		size_t left = (size_t)got;
		for (struct nlmsghdr *message = (void *)text; NLMSG_OK(message, left);
		     message = NLMSG_NEXT(message, left))
			changed |= is_change(message, bridge);
	}
}

static void say(const char *word)
{
	if (dprintf(STDOUT_FILENO, "%s\n", word) < 0)
		_exit(EXIT_FAILED); /* nobody listens any more */
}

/* Says `listening` once, and `changed` after each change, until its input ends. */
int verb_changes(const char *bridge)
{
	signal(SIGPIPE, SIG_IGN);
	struct pollfd polled[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = listen_to(NETLINK_ROUTE, route_groups, sizeof route_groups / sizeof *route_groups), .events = POLLIN},
		{.fd = listen_to(NETLINK_NETFILTER, filter_groups, 1), .events = POLLIN},
	};
	say("listening");
	for (;;) {
		char ignored[64];
		bool changed = false;
		if (poll(polled, 3, -1) < 0 && errno != EINTR)
			fail("changes", "poll: %m");
		if (polled[0].revents && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
			return 0;
		if (polled[1].revents)
			changed |= take_changes(polled[1].fd, bridge);
		if (polled[2].revents)
			/* Every message of this group is one. */
			changed |= take_changes(polled[2].fd, bridge);
		if (!changed)
			continue;
		say("changed");
		nanosleep(&pause_between, NULL);
	}
}
