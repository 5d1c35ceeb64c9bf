/* launch: start and enter the containers of sites. The order of the steps is the point of this program: everything
 * that needs the host's power is done before the first byte of a site runs, and the user namespace comes last, so
 * that the root of a site owns none of the other namespaces (namespaces(7), user_namespaces(7)). */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { EXIT_ARGUMENTS = 124, EXIT_FAILED = 125, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };
enum { EXIT_READY_TIMED_OUT = 1, EXIT_READY_GONE = 2, EXIT_SIGNAL_GONE = 3, EXIT_SNAPSHOT_LATE = 4 };
enum { CGROUPS_MAX = 16, DATA_MAX = 32 };
enum { FD_STATUS = 3, FD_GATE = 4, FD_FIRST_FREE = 5 };
enum { FD_SIZE = 3 }; /* of `enter --terminal`: the sizes that the terminal is to have */

#define IDS_PER_SITE 65536u
#define FIRST_BASE 1879048192u
#define LAST_BASE 2147418112u

struct data_folder {
	const char *folder; /* one name, below data/ of the image */
	const char *at;     /* absolute path inside the site */
};

/* What the command line said, checked; the fields that a verb does not take stay zero. */
struct request {
	const char *cgroups[CGROUPS_MAX];
	size_t cgroup_count;
	const char *hostname, *template, *image, *to, *cwd;
	uint32_t base;
	struct data_folder data[DATA_MAX];
	size_t data_count;
	pid_t pid;
	uint64_t start;
	uid_t uid;
	gid_t gid;
	long timeout_ms;
	bool has_terminal; /* the command gets one of the site's own, which belongs to this user */
	uid_t terminal_owner;
	char **rest; /* command, probes, or the signal's number; ends with NULL */
	size_t rest_count;
};

struct setting {
	const char *name;
	const char *bytes;
	size_t size;
	struct setting *next;
};

/* main.c */
void complain(const char *step, const char *format, ...) __attribute__((format(printf, 2, 3)));
_Noreturn void fail(const char *step, const char *format, ...) __attribute__((format(printf, 2, 3)));
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
void forget_arguments(void);
bool read_number(const char *text, uint64_t most, uint64_t *number);

/* process.c */
bool find_start_time(pid_t pid, uint64_t *start);
int open_process(pid_t pid, uint64_t start);
void check_container_init(pid_t pid);
void join_cgroups(const struct request *request);
void reset_signals(void);
void reset_inherited(void);
void set_limits(void);
void die_with_parent(int link);
void end_all_with_parent(int link);
void pass_signals_on(volatile pid_t *to);
int await_exit(pid_t pid);
_Noreturn void keep(pid_t command);
int verb_signal(const struct request *request);

/* settings.c */
struct setting *read_settings(int fd);
void lay_settings(int root, const struct setting *first, uint32_t base);

/* users.c */
int make_user_namespace(uint32_t base);

/* image.c */
void attach_image(int image, int scratch, const char *node, int *loop);
void renew_layer(int image_root, uint32_t base);

/* mounts.c */
int find_in_root(int root, const char *path, int flags);
int open_in_root(int root, const char *path, int flags);
int build_root(const struct request *request, int image, int users);
void enter_root(int root);

/* kernel-files.c */
void mount_kernel_files(int root, uint32_t base);
void hide_kernel_files(void);

/* network.c */
void prepare_network(void);

/* filter.c */
void lock_down(void);

/* confine.c */
void become_tenant(int users, uid_t uid, gid_t gid);
_Noreturn void run_command(const struct request *request);
extern char *const init_environment[];

/* freeze.c: a site that is held still */
struct freezer {
	int files, link;
	pid_t watchdog;
};
int open_site_files(const struct request *request);
void freeze(struct freezer *freezer, int files, int thaw_by_itself_ms);
bool thaw(struct freezer *freezer);
int verb_thaw(const struct request *request);

/* snapshot.c */
int verb_snapshot(const struct request *request);

/* terminal.c */
_Noreturn void lead_terminal(const struct request *request);

/* prove.c */
_Noreturn void prove_confinement(const struct request *request);

/* start.c, enter.c, ready.c, look.c, watch.c, changes.c */
long now_ms(void);
int open_image(const char *path);
int verb_start(const struct request *request);
int verb_rescue(const struct request *request);
int verb_prove(const struct request *request);
int verb_look(const struct request *request);
int verb_enter(const struct request *request);
int act_inside(const struct request *request, int (*act)(const struct request *request));
int verb_ready(const struct request *request);
int verb_relay(const struct request *request);
int verb_watch(void);
int verb_changes(const char *bridge);
bool leads_terminal(void);
void own_session(bool with_terminal);
void step_inside(const struct request *request, int pidfd, uid_t uid, gid_t gid);

#endif
