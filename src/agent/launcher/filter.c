/* The system calls of a site (seccomp(2)), as two filters: the kernel asks both and takes the stricter answer.
 *
 * The names are an allow-list, built by libseccomp: what is not on it does not exist (ENOSYS, so that C libraries take
 * their older way), except calls that programs try and that must say "no" (EPERM). The rules about arguments are
 * written out here, because the kernel reads only the low half of these arguments and libseccomp compares whole
 * registers: a TIOCSTI with a bit set above would pass. */
#define _GNU_SOURCE
#include "launch.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
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

static const char *const allowed[] = {
	"accept", "accept4", "access", "alarm", "arch_prctl", "bind", "brk", "capget", "capset", "chdir", "chmod",
	"chown", "chroot", "clock_getres", "clock_gettime", "clock_nanosleep", "clone", "close", "close_range",
	"connect", "copy_file_range", "creat", "dup", "dup2", "dup3", "epoll_create", "epoll_create1", "epoll_ctl",
	"epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "execve", "execveat", "exit",
	"exit_group", "faccessat", "faccessat2", "fadvise64", "fallocate", "fchdir", "fchmod", "fchmodat",
	"fchown", "fchownat", "fcntl", "fdatasync", "fgetxattr", "flistxattr", "flock", "fork", "fremovexattr",
	"fsetxattr", "fstat", "fstatfs", "fsync", "ftruncate", "futex", "futex_waitv", "futimesat",
	"get_robust_list", "getcpu", "getcwd", "getdents", "getdents64", "getegid", "geteuid", "getgid",
	"getgroups", "getitimer", "getpeername", "getpgid", "getpgrp", "getpid", "getppid", "getpriority",
	"getrandom", "getresgid", "getresuid", "getrlimit", "getrusage", "getsid", "getsockname", "getsockopt",
	"gettid", "gettimeofday", "getuid", "getxattr", "inotify_add_watch", "inotify_init", "inotify_init1",
	"inotify_rm_watch", "ioctl", "ioprio_get", "ioprio_set", "kill", "landlock_add_rule",
	"landlock_create_ruleset", "landlock_restrict_self", "lchown", "lgetxattr", "link", "linkat", "listen",
	"listxattr", "llistxattr", "lremovexattr", "lseek", "lsetxattr", "lstat", "madvise", "membarrier",
	"memfd_create", "mincore", "mkdir", "mkdirat", "mknod", "mknodat", "mlock", "mlock2", "mlockall", "mmap",
	"mprotect", "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive", "mq_timedsend", "mq_unlink",
	"mremap", "msgctl", "msgget", "msgrcv", "msgsnd", "msync", "munlock", "munlockall", "munmap", "nanosleep",
	"newfstatat", "open", "openat", "openat2", "pause", "personality", "pidfd_open", "pidfd_send_signal",
	"pipe", "pipe2", "pkey_alloc", "pkey_free", "pkey_mprotect", "poll", "ppoll", "prctl", "pread64", "preadv",
	"preadv2", "prlimit64", "process_mrelease", "pselect6", "pwrite64", "pwritev", "pwritev2", "read",
	"readahead", "readlink", "readlinkat", "readv", "recvfrom", "recvmmsg", "recvmsg", "remap_file_pages",
	"removexattr", "rename", "renameat", "renameat2", "restart_syscall", "rmdir", "rseq", "rt_sigaction",
	"rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
	"rt_tgsigqueueinfo", "sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity",
	"sched_getattr", "sched_getparam", "sched_getscheduler", "sched_rr_get_interval", "sched_setaffinity",
	"sched_setattr", "sched_setparam", "sched_setscheduler", "sched_yield", "seccomp", "select", "semctl",
	"semget", "semop", "semtimedop", "sendfile", "sendmmsg", "sendmsg", "sendto", "set_robust_list",
	"set_tid_address", "setfsgid", "setfsuid", "setgid", "setgroups", "setitimer", "setpgid", "setpriority",
	"setregid", "setresgid", "setresuid", "setreuid", "setrlimit", "setsid", "setsockopt", "setuid",
	"setxattr", "shmat", "shmctl", "shmdt", "shmget", "shutdown", "sigaltstack", "signalfd", "signalfd4",
	"socket", "socketpair", "splice", "stat", "statfs", "statx", "symlink", "symlinkat", "sync",
	"sync_file_range", "syncfs", "sysinfo", "tee", "tgkill", "time", "timer_create", "timer_delete",
	"timer_getoverrun", "timer_gettime", "timer_settime", "timerfd_create", "timerfd_gettime",
	"timerfd_settime", "times", "tkill", "truncate", "umask", "uname", "unlink", "unlinkat", "utime",
	"utimensat", "utimes", "vfork", "wait4", "waitid", "write", "writev",
};

/* Newer than the libseccomp of Debian 12; these numbers are the same on all our architectures. */
static const int allowed_numbers[] = {451 /* cachestat */, 452 /* fchmodat2 */, 462 /* mseal */};

static const char *const denied[] = {
	"acct", "add_key", "adjtimex", "bpf", "clock_adjtime", "clock_settime", "delete_module", "fanotify_init",
	"fanotify_mark", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module", "ioperm",
	"iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "modify_ldt", "mount",
	"mount_setattr", "move_mount", "name_to_handle_at", "nfsservctl", "open_by_handle_at", "open_tree",
	"perf_event_open", "pidfd_getfd", "pivot_root", "process_madvise", "process_vm_readv", "process_vm_writev",
	"ptrace", "quotactl", "quotactl_fd", "reboot", "request_key", "setdomainname", "sethostname", "setns",
	"settimeofday", "swapoff", "swapon", "syslog", "umount2", "unshare", "userfaultfd", "vhangup", "vmsplice",
};

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

static void add_names(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);
		if (number >= 0 && seccomp_rule_add(filter, action, number, 0)) /* negative: not on this architecture */
			fail("filter", "%s", names[i]);
	}
}

/* The filter of names. Built before the site's limits hold, because it costs a millisecond of work. */
struct sock_fprog build_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	/* Foreign architectures are killed by the other filter; this one must leave x32 calls to it. */
	if (!filter || seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)))
		fail("filter", "libseccomp");
	add_names(filter, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof allowed[0]);
	add_names(filter, SCMP_ACT_ERRNO(EPERM), denied, sizeof denied / sizeof denied[0]);
	for (size_t i = 0; i < sizeof allowed_numbers / sizeof allowed_numbers[0]; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_numbers[i], 0))
			fail("filter", "call %d", allowed_numbers[i]);
	int file = memfd_create("filter", MFD_CLOEXEC);
	if (file < 0 || seccomp_export_bpf(filter, file))
		fail("filter", "libseccomp");
	seccomp_release(filter);
	off_t size = lseek(file, 0, SEEK_END);
	struct sock_filter *program = malloc((size_t)size);
	if (!program || pread(file, program, (size_t)size, 0) != size)
		fail("filter", "%m");
	close(file);
	return (struct sock_fprog){(unsigned short)((size_t)size / sizeof *program), program};
}

/* From here on nothing can be taken back: filters can only be added (seccomp(2)). */
void lock_down(const struct sock_fprog *names)
{
	struct sock_fprog rules = {sizeof arguments / sizeof arguments[0], arguments};
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &rules) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, names))
		fail("filter", "seccomp: %m");
}
