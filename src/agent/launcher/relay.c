/* What a service of a container answers to a request: from our input to a port inside, and from there to our output. Asked from inside, confined, so
 * that also a container without a network can be asked, and nothing on the host talks to a site. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 16 * 1024, ANSWER_MAX = 64 * 1024 };

static size_t read_request(char *bytes)
{
	size_t size = 0;
	for (ssize_t got; size < REQUEST_MAX && (got = read(STDIN_FILENO, bytes + size, REQUEST_MAX - size)) != 0;) {
		if (got < 0 && errno != EINTR)
			fail("relay", "request: %m");
		size += got > 0 ? (size_t)got : 0;
	}
	return size;
}

static int relay(const struct request *request)
{
	char bytes[REQUEST_MAX];
	uint64_t port = 0;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const long deadline = now_ms() + request->timeout_ms;
	read_number(request->rest[0], 65535, &port);
	address.sin_port = htons((uint16_t)port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t left = read_request(bytes);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) || send(fd, bytes, left, MSG_NOSIGNAL) != (ssize_t)left)
		fail("relay", "%m");
	for (left = ANSWER_MAX; left > 0;) {
		struct pollfd poller = {.fd = fd, .events = POLLIN};
		long patience = deadline - now_ms();
		if (patience <= 0 || poll(&poller, 1, (int)patience) == 0)
			return EXIT_READY_TIMED_OUT;
		ssize_t got = read(fd, bytes, left < sizeof bytes ? left : sizeof bytes);
		if (got <= 0)
			break;
		if (write(STDOUT_FILENO, bytes, (size_t)got) != got)
			fail("relay", "answer: %m");
		left -= (size_t)got;
	}
	return 0;
}

int verb_relay(const struct request *request)
{
	uint64_t port;
	if (request->rest_count != 1 || !read_number(request->rest[0], 65535, &port) || port == 0)
		refuse("relay wants one port");
	return act_inside(request, relay);
}
