/* The system calls of a site (seccomp(2)), as two filters: the kernel asks both and takes the stricter answer.
 *
 * The names are an allow-list; libseccomp makes it a program when this one is compiled (names/main.c), because making
 * it costs a millisecond. The rules about arguments are written out here, because the kernel reads only the low half
 * of these arguments and libseccomp compares whole registers: a TIOCSTI with a bit set above would pass. */
#define _GNU_SOURCE
#include "launch.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#define X32_CALLS 0x40000000u
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "the filter knows x86_64 and aarch64"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(number) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
/* The next statement, if the value loaded is this one. */
#define IF(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1)
/* The statements given, which end with an answer, if it is this call; else over them, as many as they are. */
#define CALL(number, ...)                                                                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0,                                                               \
		 sizeof((struct sock_filter[]){__VA_ARGS__}) / sizeof(struct sock_filter)),                            \
		__VA_ARGS__

#define NEW_NAMESPACES                                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static struct sock_filter arguments[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
#ifdef X32_CALLS
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1),
	ANSWER(ENOSYS),
#endif
	/* Typing into a terminal for its owner (TIOCSTI, TIOCLINUX), loading a line discipline (TIOCSETD). */
	CALL(__NR_ioctl, LOAD(args[1]), IF(TIOCSTI), ANSWER(EPERM), IF(TIOCLINUX), ANSWER(EPERM), IF(TIOCSETD),
	     ANSWER(EPERM), ALLOW),
	CALL(__NR_clone, LOAD(args[0]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1), ANSWER(EPERM), ALLOW),
	/* Few families and protocols: asking for others makes the kernel load modules that nobody here needs. */
	CALL(__NR_socket, LOAD(args[0]), IF(AF_UNIX), ALLOW,
	     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 7, 0) /* to its protocols, below */,
	     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 6, 0) /* the same */,
	     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 1, 0), ANSWER(EAFNOSUPPORT),
	     LOAD(args[2]), IF(0 /* NETLINK_ROUTE */), ALLOW, ANSWER(EPROTONOSUPPORT),
	     LOAD(args[2]), IF(0), ALLOW, IF(IPPROTO_TCP), ALLOW, IF(IPPROTO_UDP), ALLOW, IF(IPPROTO_ICMP), ALLOW,
	     IF(IPPROTO_ICMPV6), ALLOW, IF(IPPROTO_MPTCP), ALLOW, ANSWER(EPROTONOSUPPORT)),
	CALL(__NR_socketpair, LOAD(args[0]), IF(AF_UNIX), ALLOW, ANSWER(EAFNOSUPPORT)),
	CALL(__NR_personality, LOAD(args[0]), IF(0), ALLOW, IF(0xffffffff /* a question */), ALLOW, ANSWER(EPERM)),
	CALL(__NR_mknodat, LOAD(args[2]), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, S_IFMT), IF(S_IFCHR), ANSWER(EPERM),
	     IF(S_IFBLK), ANSWER(EPERM), ALLOW),
#ifdef __NR_mknod
	CALL(__NR_mknod, LOAD(args[1]), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, S_IFMT), IF(S_IFCHR), ANSWER(EPERM),
	     IF(S_IFBLK), ANSWER(EPERM), ALLOW),
#endif
	ALLOW,
};

static struct sock_filter names[] = {
#include NAMES
};

/* From here on nothing can be taken back: filters can only be added (seccomp(2)). */
void lock_down(void)
{
	const struct sock_fprog rules = {sizeof arguments / sizeof arguments[0], arguments};
	const struct sock_fprog list = {sizeof names / sizeof names[0], names};
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &rules) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &list))
		fail("filter", "seccomp: %m");
}
