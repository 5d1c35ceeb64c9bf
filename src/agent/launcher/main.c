/* The command line: which verb, which options, checked once here; behind it the request is trusted. */
#define _GNU_SOURCE
#include "launch.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CGROUP = 1 << 0,
	HOSTNAME = 1 << 1,
	TEMPLATE = 1 << 2,
	IMAGE = 1 << 3,
	BASE = 1 << 4,
	DATA = 1 << 5,
	PID = 1 << 6,
	START = 1 << 7,
	UID = 1 << 8,
	GID = 1 << 9,
	CWD = 1 << 10,
	TIMEOUT = 1 << 11,
	TO = 1 << 12,
	TERMINAL = 1 << 13,
	REST = 1 << 14, /* words after the options */
};

static const struct {
	const char *name;
	int bit;
} options[] = {
	{"--cgroup", CGROUP}, {"--hostname", HOSTNAME}, {"--template", TEMPLATE}, {"--image", IMAGE},   {"--base", BASE},
	{"--data", DATA},     {"--pid", PID},           {"--start", START},       {"--uid", UID},       {"--gid", GID},
	{"--cwd", CWD},       {"--timeout-ms", TIMEOUT}, {"--to", TO},               {"--terminal", TERMINAL},
};

static const struct {
	const char *name;
	int takes, needs; /* options, as bits */
	int (*run)(const struct request *request);
} verbs[] = {
	{"start", CGROUP | HOSTNAME | TEMPLATE | IMAGE | BASE | DATA, HOSTNAME | TEMPLATE | IMAGE | BASE | REST,
	 verb_start},
	{"rescue", CGROUP | TEMPLATE | IMAGE | BASE | DATA | UID | GID | CWD, TEMPLATE | IMAGE | BASE | UID | GID | REST,
	 verb_rescue},
	{"prove", CGROUP | TEMPLATE | IMAGE | BASE | DATA, TEMPLATE | IMAGE | BASE, verb_prove},
	{"enter", PID | START | UID | GID | CGROUP | CWD | TERMINAL, PID | START | UID | GID | REST, verb_enter},
	{"ready", PID | START | CGROUP | TIMEOUT, PID | START | TIMEOUT | REST, verb_ready},
	{"relay", PID | START | CGROUP | TIMEOUT, PID | START | TIMEOUT | REST, verb_relay},
	{"signal", PID | START, PID | START | REST, verb_signal},
	{"look", PID | START, PID | START, verb_look},
	{"snapshot", PID | START | IMAGE | TO | TIMEOUT, IMAGE | TO | TIMEOUT, verb_snapshot},
	{"thaw", PID | START, PID | START, verb_thaw},
};

static void report(const char *step, const char *format, va_list arguments)
{
	char line[1024];
	int used = snprintf(line, sizeof line, "launch: %s: ", step);
	int more = vsnprintf(line + used, sizeof line - (size_t)used - 1, format, arguments);
	if (more > 0)
		used += more;
	if (used > (int)sizeof line - 2)
		used = (int)sizeof line - 2;
	line[used++] = '\n';
	/* One write, so that lines of several processes do not mix; nobody is left to tell when it fails. */
	ssize_t written = write(STDERR_FILENO, line, (size_t)used);
	(void)written;
}

/* `%m` in the format is the last call's error. */
void complain(const char *step, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	report(step, format, arguments);
	va_end(arguments);
}

void fail(const char *step, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	report(step, format, arguments);
	va_end(arguments);
	_exit(EXIT_FAILED);
}

void refuse(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	report("arguments", format, arguments);
	va_end(arguments);
	_exit(EXIT_ARGUMENTS);
}

/* Decimal digits only: strtoull(3) alone would take blanks and signs. */
bool read_number(const char *text, uint64_t most, uint64_t *number)
{
	size_t length = strlen(text);
	if (length == 0 || length > 20 || strspn(text, "0123456789") != length)
		return false;
	errno = 0;
	*number = strtoull(text, NULL, 10);
	return errno == 0 && *number <= most;
}

static uint64_t get_number(const char *option, const char *text, uint64_t least, uint64_t most)
{
	uint64_t number;
	if (!read_number(text, most, &number) || number < least)
		refuse("%s wants a number from %llu to %llu", option, (unsigned long long)least, (unsigned long long)most);
	return number;
}

static const char *get_path(const char *option, const char *text)
{
	if (text[0] != '/')
		refuse("%s wants an absolute path", option);
	return text;
}

static void read_data(struct request *request, char *text)
{
	char *colon = strchr(text, ':');
	if (request->data_count == DATA_MAX)
		refuse("more than %d --data", DATA_MAX);
	if (!colon || colon[1] != '/')
		refuse("--data wants FOLDER:/PATH");
	*colon = '\0';
	if (!islower((unsigned char)text[0]) || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(text))
		refuse("--data wants a folder's name of small letters, digits, - and _");
	request->data[request->data_count++] = (struct data_folder){.folder = text, .at = colon + 1};
}

static const char *get_hostname(const char *text)
{
	size_t length = strlen(text);
	if (length == 0 || length > 63 || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") != length)
		refuse("--hostname wants at most 63 small letters, digits, - and .");
	return text;
}

static void read_option(struct request *request, int bit, const char *option, char *value)
{
	switch (bit) {
	case CGROUP:
		if (request->cgroup_count == CGROUPS_MAX)
			refuse("more than %d --cgroup", CGROUPS_MAX);
		request->cgroups[request->cgroup_count++] = get_path(option, value);
		break;
	case HOSTNAME: request->hostname = get_hostname(value); break;
	case TEMPLATE: request->template = get_path(option, value); break;
	case IMAGE: request->image = get_path(option, value); break;
	case BASE:
		request->base = (uint32_t)get_number(option, value, FIRST_BASE, LAST_BASE);
		if ((request->base - FIRST_BASE) % IDS_PER_SITE)
			refuse("--base wants %u plus a multiple of %u", FIRST_BASE, IDS_PER_SITE);
		break;
	case DATA: read_data(request, value); break;
	case PID: request->pid = (pid_t)get_number(option, value, 1, INT32_MAX); break;
	case START: request->start = get_number(option, value, 0, UINT64_MAX); break;
	case UID: request->uid = (uid_t)get_number(option, value, 0, IDS_PER_SITE - 1); break;
	case GID: request->gid = (gid_t)get_number(option, value, 0, IDS_PER_SITE - 1); break;
	case TO: request->to = get_path(option, value); break;
	case CWD: request->cwd = get_path(option, value); break;
	case TERMINAL:
		request->has_terminal = true;
		request->terminal_owner = (uid_t)get_number(option, value, 0, IDS_PER_SITE - 1);
		break;
	case TIMEOUT: request->timeout_ms = (long)get_number(option, value, 0, 3600 * 1000); break;
	}
}

static int find_option(const char *name)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (strcmp(name, options[i].name) == 0)
			return options[i].bit;
	return 0;
}

/* Options first, then `--` or the first word without dashes, then the rest. */
static void read_arguments(struct request *request, char **words, int takes, int needs)
{
	int seen = 0;
	const int many = CGROUP | DATA;
	while (words[0] && strncmp(words[0], "--", 2) == 0 && words[0][2] != '\0') {
		int bit = find_option(words[0]);
		if (!(bit & takes))
			refuse("this verb takes no %s", words[0]);
		if (seen & bit & ~many)
			refuse("%s twice", words[0]);
		if (!words[1])
			refuse("%s wants a value", words[0]);
		read_option(request, bit, words[0], words[1]);
		seen |= bit;
		words += 2;
	}
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (needs & ~seen & options[i].bit)
			refuse("%s is missing", options[i].name);
	if (words[0] && strcmp(words[0], "--") == 0)
		words++;
	request->rest = words;
	while (words[request->rest_count])
		request->rest_count++;
	if (request->rest_count == 0 && needs & REST)
		refuse("a command, a probe or a signal is missing");
	if (request->rest_count != 0 && !(needs & REST))
		refuse("this verb takes nothing after its options");
}

static char *told; /* the command line in memory */
static size_t told_size;

/* Everybody in a container may read /proc/PID/cmdline of whoever is in it (proc(5)): ours names paths of the host. */
void forget_arguments(void)
{
	memset(told, 0, told_size);
	strncpy(told, "launch", told_size);
}

static char **keep_arguments(int count, char **words)
{
	char **copies = calloc((size_t)count + 1, sizeof *copies);
	if (!copies)
		fail("arguments", "%m");
	for (int i = 0; i < count; i++)
		if (!(copies[i] = strdup(words[i])))
			fail("arguments", "%m");
	told = words[0];
	told_size = (size_t)(words[count - 1] + strlen(words[count - 1]) - told);
	return copies;
}

int main(int count, char **words)
{
	static struct request request;
	if (count < 1)
		refuse("no program name");
	words = keep_arguments(count, words);
	if (count >= 2 && strcmp(words[1], "watch") == 0) {
		if (count > 2)
			refuse("watch takes no arguments");
		return verb_watch();
	}
	if (count >= 2 && strcmp(words[1], "changes") == 0) {
		if (count != 3)
			refuse("changes takes the name of the bridge");
		return verb_changes(words[2]);
	}
	for (size_t i = 0; count >= 2 && i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(words[1], verbs[i].name) != 0)
			continue;
		read_arguments(&request, words + 2, verbs[i].takes, verbs[i].needs);
		return verbs[i].run(&request);
	}
	refuse("the first word must be start, enter, rescue, ready, relay, signal, look, prove, snapshot, thaw, watch or changes");
}
