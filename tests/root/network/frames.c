/* Raw frames for the tests, on a link of the current network namespace (packet(7)).
 * frames send LINK HEX...       sends each frame as it is
 * frames count LINK SECONDS     says "listening", then how many frames came in
 * frames echo ADDRESS SECONDS   one ICMP echo request; exit code 0 when it was answered */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static int fail(const char *what) {
  perror(what);
  return 1;
}

static int send_frames(int fd, int count, char **frames) {
  for (int i = 0; i < count; i++) {
    unsigned char bytes[2048];
    size_t length = strlen(frames[i]) / 2;
    if (length > sizeof bytes) return 1;
    for (size_t at = 0; at < length; at++) sscanf(frames[i] + 2 * at, "%2hhx", &bytes[at]);
    if (send(fd, bytes, length, 0) < 0) return fail("send");
  }
  return 0;
}

static int count_frames(int fd, int seconds) {
  int count = 0;
  time_t end = time(NULL) + seconds;
  puts("listening");
  fflush(stdout);
  while (time(NULL) < end) {
    struct pollfd one = {.fd = fd, .events = POLLIN};
    unsigned char bytes[2048];
    struct sockaddr_ll from;
    socklen_t size = sizeof from;
    if (poll(&one, 1, 100) < 1) continue;
    ssize_t length = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size);
    if (length < 0 || from.sll_pkttype == PACKET_OUTGOING) continue;
    count++;
    fprintf(stderr, "frame from %02x:%02x type %02x%02x\n", bytes[10], bytes[11], bytes[12], bytes[13]);
  }
  printf("%d\n", count);
  return 0;
}

static int echo(const char *address, int seconds) {
  struct sockaddr_in to4 = {.sin_family = AF_INET};
  struct sockaddr_in6 to6 = {.sin6_family = AF_INET6};
  int is4 = inet_pton(AF_INET, address, &to4.sin_addr) == 1;
  if (!is4 && inet_pton(AF_INET6, address, &to6.sin6_addr) != 1) return 2;
  int fd = is4 ? socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) : socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
  if (fd < 0) return fail("socket");
  /* type, code, checksum (the kernel computes it for ICMPv6), id, sequence number */
  unsigned char bytes[256] = {is4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST, 0, 0xf7, 0xfd, 0, 1, 0, 1};
  const struct sockaddr *to = is4 ? (struct sockaddr *)&to4 : (struct sockaddr *)&to6;
  if (sendto(fd, bytes, 8, 0, to, is4 ? sizeof to4 : sizeof to6) < 0) return fail("sendto");
  time_t end = time(NULL) + seconds;
  while (time(NULL) < end) {
    struct pollfd one = {.fd = fd, .events = POLLIN};
    if (poll(&one, 1, 100) < 1) continue;
    if (recv(fd, bytes, sizeof bytes, 0) < 1) return fail("recv");
    /* a raw IPv4 socket gives the header too */
    if (bytes[is4 ? 20 : 0] == (is4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY)) return 0;
  }
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  if (strcmp(argv[1], "echo") == 0) return echo(argv[2], atoi(argv[3]));
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  if (fd < 0) return fail("socket");
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(argv[2])};
  if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) return fail("bind");
  return strcmp(argv[1], "send") == 0 ? send_frames(fd, argc - 3, argv + 3) : count_frames(fd, atoi(argv[3]));
}
