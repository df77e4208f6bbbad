/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timed - run a command, and print what it cost as members of a JSON object: "ms": 12.3, "user_ms":
 * ...
 *
 *   timed [--enter PID] [--peaks FOLDER] [--limit SECONDS] [--out FILE] [--err FILE] COMMAND
 * [ARG...]
 *
 *   --enter PID      in the pid and mount namespaces of PID; entering is not timed
 *   --peaks FOLDER   meanwhile watch all processes whose program lies in FOLDER: the most memory
 * that one of each program had, VmHWM ("NAME_peak_kb", with what it maps of files and of the
 * guest's RAM) and RssAnon
 *                    ("NAME_anon_kb", looked at every two milliseconds). Watching disturbs: not for
 * times.
 *
 *   --limit SECONDS  then the command gets SIGTERM, and the exit status is 124
 *
 * The time is that from before the fork to the end of the command; CPU times are those of it and
 * its children. Its output goes nowhere unless said. Exit status: the command's.
 */
#include <dirent.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS_MAX 16
#define POLL_US      2000

struct program {
	char name[64];
	long peak_kb, anon_kb;
};

struct options {
	const char *enter, *peaks, *out, *err;
	unsigned limit_s;
};

static volatile pid_t running;
static volatile sig_atomic_t is_late;

static struct program programs[PROGRAMS_MAX];

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static void die(const char *what)
{
	perror(what);
	exit(125);
}

/* --- memory ----------------------------------------------------------------------------------- */

static struct program *program_of(const char *name)
{
	struct program *p = programs;

	while (p < programs + PROGRAMS_MAX - 1 && *p->name && strcmp(p->name, name) != 0)
		p++;
	snprintf(p->name, sizeof(p->name), "%s", name);
	return p;
}

static long line_kb(const char *status, const char *key)
{
	const char *line = strstr(status, key);

	return line ? atol(line + strlen(key)) : 0;
}

static void look_at(const char *pid, const char *folder)
{
	char path[64], exe[4096] = "", status[4096] = "";
	struct program *p;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%.16s/exe", pid);
	if (readlink(path, exe, sizeof(exe) - 1) < 0 || strncmp(exe, folder, strlen(folder)) != 0)
		return;
	snprintf(path, sizeof(path), "/proc/%.16s/status", pid);
	in = fopen(path, "re");
	if (!in)
		return;
	status[fread(status, 1, sizeof(status) - 1, in)] = 0;
	fclose(in);
	p = program_of(basename(exe));
	long peak = line_kb(status, "VmHWM:"), anon = line_kb(status, "RssAnon:");

	p->peak_kb = peak > p->peak_kb ? peak : p->peak_kb;
	p->anon_kb = anon > p->anon_kb ? anon : p->anon_kb;
}

static void look_at_all(const char *folder)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;

	if (!proc)
		die("/proc");
	while ((e = readdir(proc)))
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			look_at(e->d_name, folder);
	closedir(proc);
}

/* --- running ---------------------------------------------------------------------------------- */

static void enter(const char *pid, const char *ns, int type)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.16s/ns/%s", pid, ns);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, type) != 0)
		die(path);
	close(fd);
}

static int file(const char *path)
{
	int fd = open(path ? path : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		die(path);
	return fd;
}

static void end_it(int signal)
{
	(void)signal;
	is_late = 1;
	kill(running, SIGTERM);
}

static int wait_for(pid_t pid, const struct options *o, struct rusage *ret)
{
	int status;

	while (wait4(pid, &status, o->peaks ? WNOHANG : 0, ret) == 0) {
		look_at_all(o->peaks);
		usleep(POLL_US);
	}
	return status;
}

static int run(const struct options *o, char **command)
{
	int out = file(o->out), err = file(o->err), in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct rusage usage;
	double began;

	if (o->enter) {
		int here = open(".", O_PATH | O_CLOEXEC); /* setns() goes to the root */

		if (geteuid() != 0)
			enter(o->enter, "user", CLONE_NEWUSER);
		enter(o->enter, "pid", CLONE_NEWPID);
		enter(o->enter, "mnt", CLONE_NEWNS);
		if (fchdir(here) != 0)
			die("fchdir");
	}
	began = now_ms();
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		dup2(in, 0);
		dup2(out, 1);
		dup2(err, 2);
		execvp(*command, command);
		_exit(127);
	}
	running = pid;
	signal(SIGALRM, end_it);
	alarm(o->limit_s);
	int status = wait_for(pid, o, &usage);
	alarm(0);

	printf("\"ms\":%.3f,\"user_ms\":%.3f,\"sys_ms\":%.3f,\"rss_kb\":%ld", now_ms() - began,
	       ms(usage.ru_utime), ms(usage.ru_stime), usage.ru_maxrss);
	for (const struct program *p = programs; *p->name; p++)
		printf(",\"%s_peak_kb\":%ld,\"%s_anon_kb\":%ld", p->name, p->peak_kb, p->name,
		       p->anon_kb);
	putchar('\n');
	if (is_late)
		return 124;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{"enter", required_argument, NULL, 'e'}, {"peaks", required_argument, NULL, 'p'},
		{"limit", required_argument, NULL, 'l'}, {"out", required_argument, NULL, 'o'},
		{"err", required_argument, NULL, 'E'},   {0},
	};
	struct options o = {0};
	int option;

	while ((option = getopt_long(argc, argv, "+", known, NULL)) >= 0)
		switch (option) {
		case 'e':
			o.enter = optarg;
			break;
		case 'p':
			o.peaks = optarg;
			break;
		case 'l':
			o.limit_s = (unsigned)atoi(optarg);
			break;
		case 'o':
			o.out = optarg;
			break;
		case 'E':
			o.err = optarg;
			break;
		default:
			return 125;
		}
	if (!argv[optind]) {
		fprintf(stderr, "usage: timed [OPTION...] COMMAND [ARG...]\n");
		return 125;
	}
	return run(&o, argv + optind);
}
