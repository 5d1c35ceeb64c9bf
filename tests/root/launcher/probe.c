/* Tries, from inside a container, what a site may not do, and says what the kernel answered: one line each. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <mqueue.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void say(const char *what, long result)
{
	printf("%s %s\n", what, result == -1 ? strerrorname_np(errno) : "ok");
	fflush(stdout);
}

struct call {
	const char *name;
	long number;
};

#define CALL(name) {#name, SYS_##name}

/* All with arguments of 0 or -1, so that a call that got through would fail with another error and do nothing. */
static const struct call calls[] = {
	CALL(acct), CALL(add_key), CALL(adjtimex), CALL(bpf), CALL(clock_adjtime), CALL(clock_settime), CALL(clone3),
	CALL(delete_module), CALL(fanotify_init), CALL(fanotify_mark), CALL(finit_module), CALL(fsconfig), CALL(fsmount),
	CALL(fsopen), CALL(fspick), CALL(get_mempolicy), CALL(init_module), CALL(io_destroy), CALL(io_setup),
	CALL(io_submit), CALL(io_uring_enter), CALL(io_uring_register), CALL(io_uring_setup), CALL(kcmp),
	CALL(kexec_file_load), CALL(kexec_load), CALL(keyctl), CALL(lookup_dcookie), CALL(mbind), CALL(memfd_secret),
	CALL(migrate_pages), CALL(mount), CALL(mount_setattr), CALL(move_mount), CALL(move_pages),
	CALL(name_to_handle_at), CALL(open_by_handle_at), CALL(open_tree), CALL(perf_event_open), CALL(pidfd_getfd),
	CALL(pivot_root), CALL(process_madvise), CALL(process_vm_readv), CALL(process_vm_writev), CALL(ptrace),
	CALL(quotactl), CALL(quotactl_fd), CALL(reboot), CALL(request_key), CALL(set_mempolicy), CALL(setdomainname),
	CALL(sethostname), CALL(setns), CALL(settimeofday), CALL(swapoff), CALL(swapon), CALL(syslog), CALL(umount2),
	CALL(unshare), CALL(userfaultfd), CALL(vhangup), CALL(vmsplice),
#ifdef __x86_64__
	CALL(ioperm), CALL(iopl), CALL(modify_ldt), CALL(uselib), CALL(ustat), CALL(sysfs), CALL(_sysctl),
#endif
	{"unknown_999", 999},
};

static void try_calls(void)
{
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		say(calls[i].name, syscall(calls[i].number, -1L, 0L, 0L, 0L, 0L, 0L));
}

static void try_clone(const char *name, unsigned long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	say(name, pid);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, __WALL);
}

static void try_arguments(void)
{
	const struct {
		const char *name;
		unsigned long flags;
	} clones[] = {{"clone", 0},
		      {"clone+user", CLONE_NEWUSER},
		      {"clone+mnt", CLONE_NEWNS},
		      {"clone+pid", CLONE_NEWPID},
		      {"clone+net", CLONE_NEWNET},
		      {"clone+ipc", CLONE_NEWIPC},
		      {"clone+uts", CLONE_NEWUTS},
		      {"clone+cgroup", CLONE_NEWCGROUP}};
	for (size_t i = 0; i < sizeof clones / sizeof clones[0]; i++)
		try_clone(clones[i].name, clones[i].flags);
	/* The kernel reads 32 bits of these; a filter that compares 64 lets the second of each pair pass. */
	const uint64_t high = UINT64_C(1) << 32;
	say("ioctl TIOCSTI", syscall(SYS_ioctl, 0, (uint64_t)TIOCSTI, "x"));
	say("ioctl TIOCSTI high", syscall(SYS_ioctl, 0, high | TIOCSTI, "x"));
	say("ioctl TIOCLINUX high", syscall(SYS_ioctl, 0, high | TIOCLINUX, "x"));
	say("ioctl TIOCSETD high", syscall(SYS_ioctl, 0, high | TIOCSETD, "x"));
	say("socket PACKET high", syscall(SYS_socket, high | AF_PACKET, SOCK_DGRAM, 0));
	say("personality 0", personality(0));
	say("personality query", personality(0xffffffff));
	say("personality no-random", personality(ADDR_NO_RANDOMIZE));
	say("mknod fifo", mknod("/tmp/fifo", S_IFIFO | 0600, 0));
	say("mknod socket", mknod("/tmp/socket", S_IFSOCK | 0600, 0));
	say("mknod file", mknod("/tmp/file", S_IFREG | 0600, 0));
	say("mknod char", mknod("/tmp/char", S_IFCHR | 0600, makedev(1, 3)));
	say("mknod block", mknod("/tmp/block", S_IFBLK | 0600, makedev(7, 0)));
#ifdef SYS_mknod
	say("old mknod char", syscall(SYS_mknod, "/tmp/char", S_IFCHR | 0600, makedev(1, 3)));
#endif
}

static void try_socket(const char *name, int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);
	say(name, fd);
	if (fd >= 0)
		close(fd);
}

static void try_sockets(void)
{
	char name[32];
	int pair[2];
	/* Stream, then datagram, then raw: whatever the family knows. */
	for (int family = 0; family < 50; family++) {
		snprintf(name, sizeof name, "family %d", family);
		try_socket(name, family, family == AF_NETLINK ? SOCK_RAW : SOCK_DGRAM, 0);
	}
	for (int protocol = 0; protocol < 23; protocol++) {
		snprintf(name, sizeof name, "netlink %d", protocol);
		try_socket(name, AF_NETLINK, SOCK_RAW, protocol);
	}
	try_socket("tcp", AF_INET, SOCK_STREAM, 0);
	try_socket("tcp6", AF_INET6, SOCK_STREAM, IPPROTO_TCP);
	try_socket("ping", AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	try_socket("ping6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6);
	try_socket("raw", AF_INET, SOCK_RAW, IPPROTO_ICMP);
	try_socket("raw255", AF_INET, SOCK_RAW, 255);
	try_socket("dccp", AF_INET, SOCK_DCCP, 33);
	try_socket("sctp", AF_INET, SOCK_SEQPACKET, 132);
	say("pair unix", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	say("pair tipc", socketpair(30, SOCK_STREAM, 0, pair));
}

static void try_foreign(void)
{
#ifdef __x86_64__
	say("x32 getpid", syscall(0x40000000 + SYS_getpid));
	pid_t pid = fork();
	if (pid == 0) {
		long result;
		__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
		_exit(0);
	}
	int status;
	waitpid(pid, &status, 0);
	/* SIGSEGV: this kernel has no such gate at all. */
	int end = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	printf("int80 %s\n", end == SIGSYS ? "SIGSYS" : end == SIGSEGV ? "SIGSEGV" : "ran");
#endif
}

/* Every file below the folder that opens for writing; other processes' folders in /proc are left out. */
static void try_write_open(const char *folder)
{
	char path[4096];
	DIR *entries = opendir(folder);
	for (struct dirent *entry; entries && (entry = readdir(entries));) {
		if (entry->d_name[0] == '.' || (strcmp(folder, "/proc") == 0 && strspn(entry->d_name, "0123456789")))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (strcmp(path, "/proc/thread-self") == 0 || strstr(path, "/task/"))
			continue;
		if (entry->d_type == DT_DIR || strcmp(path, "/proc/self") == 0) {
			try_write_open(path);
		} else if (entry->d_type == DT_REG) {
			int fd = open(path, O_WRONLY | O_NONBLOCK);
			/* A file covered by /dev/null takes everything and keeps nothing. */
			struct stat state;
			if (fd >= 0 && fstat(fd, &state) == 0 && !S_ISCHR(state.st_mode))
				puts(path);
			if (fd >= 0)
				close(fd);
		}
	}
	if (entries)
		closedir(entries);
}

/* How many inotify instances the container gets in all, as many users. */
static void count_inotify(int users)
{
	int all = 0, ready[2], wait[2];
	if (pipe(ready) || pipe(wait))
		exit(1);
	for (int user = 0; user < users; user++) {
		if (fork() == 0) {
			int count = 0;
			char byte;
			if (setresuid((uid_t)(2000 + user), (uid_t)(2000 + user), (uid_t)(2000 + user)))
				_exit(1);
			while (count < 200 && inotify_init() >= 0)
				count++;
			close(wait[1]);
			_exit(write(ready[1], &count, sizeof count) == sizeof count && read(wait[0], &byte, 1) == 0 ? 0 : 1);
		}
	}
	for (int user = 0, count; user < users; user++) {
		if (read(ready[0], &count, sizeof count) != sizeof count)
			exit(1);
		all += count;
	}
	printf("%d\n", all);
}

/* Signals for all numbers of processes: how many but ourselves can be seen. */
static void count_processes(void)
{
	int seen = 0;
	for (pid_t pid = 1; pid < 100000; pid++)
		if (pid != getpid() && (kill(pid, 0) == 0 || errno != ESRCH))
			seen++;
	printf("%d\n", seen);
}

/* A terminal of the container's own: who owns it. */
static void open_terminal(void)
{
	struct stat state;
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) || unlockpt(master) || stat(ptsname(master), &state))
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%s %u %u %o\n", ptsname(master), state.st_uid, state.st_gid, state.st_mode & 0777);
}

static void listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 8))
		exit(1);
	for (;;)
		close(accept(fd, NULL, NULL));
}

/* Shared memory, message queues, semaphores and an abstract socket, by a number: found, or made with IPC_CREAT. */
static void try_ipc(int number, int flags)
{
	char name[32];
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t length = offsetof(struct sockaddr_un, sun_path) + 1;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(name, sizeof name, "/probe-%d", number);
	length += (socklen_t)sprintf(address.sun_path + 1, "%s", name);
	say("shm", shmget(number, 4096, 0600 | flags));
	say("msg", msgget(number, 0600 | flags));
	say("sem", semget(number, 1, 0600 | flags));
	say("mq", mq_open(name, O_RDWR | (flags ? O_CREAT : 0), 0600, NULL));
	if (flags)
		say("abstract", bind(fd, (struct sockaddr *)&address, length) ? -1 : listen(fd, 1));
	else
		say("abstract", connect(fd, (struct sockaddr *)&address, length));
}

static void remove_ipc(int number)
{
	char name[32];
	snprintf(name, sizeof name, "/probe-%d", number);
	shmctl(shmget(number, 4096, 0), IPC_RMID, NULL);
	msgctl(msgget(number, 0), IPC_RMID, NULL);
	semctl(semget(number, 1, 0), 0, IPC_RMID);
	mq_unlink(name);
}

/* Makes them, keeps them until its input ends, and takes them away. */
static void hold_ipc(int number)
{
	char byte;
	try_ipc(number, IPC_CREAT);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	remove_ipc(number);
}

/* A file capability for CAP_NET_RAW, as setcap(8) writes it: revision 2 and 3 (with a root of the namespace). */
static void try_file_capability(const char *path)
{
	const uint32_t second[] = {0x02000001, 1 << 13, 0, 0, 0}, third[] = {0x03000001, 1 << 13, 0, 0, 0, 0};
	say("revision 2", setxattr(path, "security.capability", second, sizeof second, 0));
	say("revision 3", setxattr(path, "security.capability", third, sizeof third, 0));
	say("trusted", setxattr(path, "trusted.overlay.opaque", "y", 1, 0));
}

static void show_ids(void)
{
	char line[256];
	FILE *status = fopen("/proc/self/status", "r");
	printf("%u %u", getuid(), geteuid());
	while (status && fgets(line, sizeof line, status))
		if (strncmp(line, "CapPrm:", 7) == 0)
			printf(" %s", strtok(line + 8, "\n"));
	putchar('\n');
}

int main(int count, char **words)
{
	const char *what = count > 1 ? words[1] : "";
	if (strcmp(what, "calls") == 0)
		try_calls();
	else if (strcmp(what, "arguments") == 0)
		try_arguments();
	else if (strcmp(what, "sockets") == 0)
		try_sockets();
	else if (strcmp(what, "foreign") == 0)
		try_foreign();
	else if (strcmp(what, "write-open") == 0)
		try_write_open(words[2]);
	else if (strcmp(what, "inotify") == 0)
		count_inotify(atoi(words[2]));
	else if (strcmp(what, "processes") == 0)
		count_processes();
	else if (strcmp(what, "terminal") == 0)
		open_terminal();
	else if (strcmp(what, "listen") == 0)
		listen_at(words[2]);
	else if (strcmp(what, "find-ipc") == 0)
		try_ipc(atoi(words[2]), 0);
	else if (strcmp(what, "hold-ipc") == 0)
		hold_ipc(atoi(words[2]));
	else if (strcmp(what, "capability") == 0)
		try_file_capability(words[2]);
	else if (strcmp(what, "ids") == 0)
		show_ids();
	else
		return 2;
	return 0;
}
