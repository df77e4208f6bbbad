/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans profile - build, show and compare kernel profiles. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "kernel-profiles/build.h"
#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/vmlinuz.h"
#include "remotetrans/base/filebytes.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/cli/profile_text.h"

static void missing_print(void *kernel, const struct profile_gap *gap)
{
	if (!gap->must)
		return;
	fprintf(stderr, "remotetrans: %s has no %s %s: %s%s%s\n", (const char *)kernel,
		gap->keyword, gap->id, gap->name, gap->path ? " . " : "",
		gap->path ? gap->path : "");
}

/* All missing mandatory rows at once, a line each; then the error. */
static const struct err *complete_check(const char *kernel, const char *text, size_t len_bytes)
{
	AUTO_FREE struct profile *p = malloc(sizeof(*p));
	char missing[200];

	if (!p)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "profile");
	TRY(profile_read(text, len_bytes, p));
	unsigned count = profile_missing_list(p, missing, sizeof(missing));
	if (count == 0)
		return NULL;
	profile_gaps(p, missing_print, p->release);
	return ERR(ERR_PROFILE,
		   "%.150s: kernel %s (build-id %s) lacks %u mandatory item(s), listed above; no "
		   "profile written. fields.def and symbols.def need alternatives for this kernel",
		   kernel, p->release, p->build_id, count);
}

static const struct err *build_run(int argc, char **argv, int *ret_status)
{
	const char *output = NULL;
	CLEANUP(kernel_files_deinit) struct kernel_files files = {0};
	AUTO_FREE char *text = NULL;
	size_t len_bytes;
	int option;

	(void)ret_status;
	opterr = 0;
	while ((option = getopt(argc, argv, "o:")) != -1) {
		if (option != 'o')
			return command_misused("profile build",
					       "unknown option, or -o without FILE");
		output = optarg;
	}
	if (argc == optind || !output)
		return command_misused("profile build", "a kernel and -o FILE are needed");
	const char *path = argv[optind];
	for (int i = optind; i < argc; i++)
		TRY(kernel_files_add(&files, argv[i]));
	const struct err *e = profile_build(&files, &text, &len_bytes);
	if (e)
		return ERR(e->kind, "%.150s: %s", path, e->message);
	TRY(complete_check(path, text, len_bytes));
	return filebytes_replace(output, text, len_bytes);
}

static const struct err *show_run(int argc, char **argv, int *ret_status)
{
	AUTO_FREE struct profile *p = malloc(sizeof(*p));
	AUTO_FREE char *text = NULL;
	const char *path = NULL;
	size_t len_bytes;
	bool json = false;

	(void)ret_status;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (path)
			return command_misused("profile show", "one profile only");
		else
			path = argv[i];
	}
	if (!path)
		return command_misused("profile show", "which profile?");
	if (!p)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "profile");
	TRY(profile_text_load(path, &text, &len_bytes));
	const struct err *e = profile_read(text, len_bytes, p);
	if (e)
		return ERR(e->kind, "%.200s: %s", path, e->message);
	if (json)
		return profile_print_json(p);
	profile_print(p);
	return NULL;
}

static const struct err *diff_run(int argc, char **argv, int *ret_status)
{
	AUTO_FREE char *a = NULL, *b = NULL;
	size_t a_bytes, b_bytes;

	if (argc != 3)
		return command_misused("profile diff", "two profiles are needed");
	TRY(profile_text_load(argv[1], &a, &a_bytes));
	TRY(profile_text_load(argv[2], &b, &b_bytes));
	return profile_diff(a, a_bytes, b, b_bytes, ret_status);
}

static const struct command build_command = {
	.name = "build",
	.arguments = "KERNEL... -o FILE",
	.summary = "make the profile of a kernel",
	.details =
		"KERNEL is a vmlinuz, a vmlinux with type information (BTF), or a Debian package\n"
		"with one; no debug package is needed. Name the package with its modules, too,\n"
		"where that is another one: counters of network interfaces need it. Everything\n"
		"mandatory that the kernel lacks is listed at once, and then nothing is written.\n",
	.run = build_run,
};

static const struct command show_command = {
	.name = "show",
	.arguments = "FILE [--json]",
	.summary = "print what a profile holds and what it lacks",
	.run = show_run,
};

static const struct command diff_command = {
	.name = "diff",
	.arguments = "FILE1 FILE2",
	.summary = "print the lines in which two profiles differ",
	.details = "Exit status: 0 they are equal, 1 they differ.\n",
	.run = diff_run,
};

static const struct command *const profile_commands[] = {
	&build_command,
	&show_command,
	&diff_command,
	NULL,
};

const struct command profile_command = {
	.name = "profile",
	.summary = "Kernel profiles: member offsets and symbols of one kernel build.",
	.commands = profile_commands,
};
