// SPDX-License-Identifier: GPL-2.0-or-later
/* What a process calls itself: comm, command line, environment, executable. */
#include "actor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void run_comm(const char *arg)
{
	CHECK(prctl(PR_SET_NAME, arg));
	hold();
}

/* 100 KB and more in 1500 arguments */
static void run_long_args(const char *arg)
{
	enum { COUNT = 1500, LEN = 72 };
	char **argv = calloc(COUNT + 4, sizeof(*argv));

	(void)arg;
	if (!argv)
		fail("calloc");
	argv[0] = (char *)(size_t) "bash";
	argv[1] = (char *)(size_t) "-c";
	argv[2] = (char *)(size_t) "read -r _ <> <(:); exit";
	for (int i = 0; i < COUNT; i++) {
		char *word = malloc(LEN);

		if (!word)
			fail("malloc");
		snprintf(word, LEN, "argument-%04d-%.*s", i, LEN - 16,
			 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh");
		argv[3 + i] = word;
	}
	execv("/usr/bin/bash", argv);
	fail("/usr/bin/bash");
}

/* The area of arguments and environment, as the kernel laid it out: one run of strings. */
static char *args_area(size_t *ret_len)
{
	static char line[4096];
	int fd = (int)CHECK(open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC));
	ssize_t len = CHECK(read(fd, line, sizeof(line)));
	char *start = environ[0] - len;

	close(fd);
	*ret_len = (size_t)len;
	return start;
}

/* as daemons do: shorter than the arguments were, the rest filled with zeros */
static void run_title_short(const char *arg)
{
	size_t len;
	char *area = args_area(&len);

	memset(area, 0, len);
	strncpy(area, arg, len - 1);
	hold();
}

/* longer: over the environment; the kernel then prints on to the first NUL there (get_mm_cmdline)
 */
static void run_title_long(const char *arg)
{
	size_t len, room, title = strlen(arg) + 1;
	char *area = args_area(&len), *last = environ[0];

	for (char **env = environ; *env; env++)
		last = *env;
	room = (size_t)(last + strlen(last) - area);
	memcpy(area, arg, title < room ? title : room);
	hold();
}

static void run_exec_env(const char *arg)
{
	char *env[] = {(char *)(size_t) "LAB=first",
		       (char *)(size_t) "EMPTY=",
		       (char *)(size_t) "SPACED=a b  c",
		       (char *)(size_t) "LINES=one\ntwo",
		       (char *)(size_t) "novalue",
		       (char *)(size_t) "UTF8=\xc3\xa4\xf0\x9f\x90\xa7",
		       NULL};
	char *argv[] = {(char *)(size_t) "sleep", (char *)(size_t) "1000003", NULL};

	execve("/usr/bin/sleep", argv, arg ? env : &env[6]);
	fail("/usr/bin/sleep");
}

static void run_args(const char *arg)
{
	become("/usr/bin/busybox", "sleep", arg, NULL);
}

static void run_strange_args(const char *arg)
{
	(void)arg;
	become("/usr/bin/bash", "a\nb\t\x01(c) \xff", "-c", "read -r _ <> <(:); exit", "", " ",
	       "two words", "\xc3\xa4", NULL);
}

static void copy_file(const char *from, const char *to)
{
	int in = (int)check(open(from, O_RDONLY | O_CLOEXEC), from);
	int out = (int)check(open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755), to);
	struct stat stat;

	CHECK(fstat(in, &stat));
	for (off_t left = stat.st_size; left > 0;)
		left -= CHECK(sendfile(out, in, NULL, (size_t)left));
	close(in);
	close(out);
}

static void unlink_later(const char *path)
{
	sleep(1);
	check(unlink(path), path);
	_exit(0);
}

/* a helper that we do not have to reap removes the file once it runs */
static void run_deleted_exe(const char *arg)
{
	pid_t helper;

	copy_file("/usr/bin/sleep", arg);
	helper = (pid_t)CHECK(fork());
	if (helper == 0) {
		if (CHECK(fork()) == 0)
			unlink_later(arg);
		_exit(0);
	}
	CHECK(waitpid(helper, NULL, 0));
	become(arg, "sleep", "1000004", NULL);
}

static void run_script(const char *arg)
{
	int fd = open_file("/tmp/lab-script", O_WRONLY | O_TRUNC,
			   "#!/bin/bash -e\nread -r _ <> <(:)\nexit\n");

	CHECK(fchmod(fd, 0755));
	close(fd);
	become("/tmp/lab-script", "ignored", arg, NULL);
}

const struct actor name_actors[] = {
	{"comm-spaces", run_comm, "a b  c "},
	{"comm-newline", run_comm, "new\nline"},
	{"comm-parens", run_comm, ") S 1 (x"},
	{"comm-open-paren", run_comm, "(sd-pam)"},
	{"comm-full", run_comm, "fifteen-letters"},
	{"comm-bytes", run_comm, "\xc3\xa4\x1b[1m\\ \xff\x01"},
	{"comm-empty", run_comm, ""},
	{"args-100k", run_long_args, NULL},
	{"title-short", run_title_short, "nginx: worker"},
	{"title-long", run_title_long,
	 "postgres: a title that is longer than the arguments were and reaches far into the "
	 "environment"},
	{"env-some", run_exec_env, "some"},
	{"env-none", run_exec_env, NULL},
	{"busybox", run_args, "1000005"},
	{"args-strange", run_strange_args, NULL},
	{"exe-deleted", run_deleted_exe, "/tmp/gone (really)"},
	{"script", run_script, "one"},
	{NULL, NULL, NULL},
};
