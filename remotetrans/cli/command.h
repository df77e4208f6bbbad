/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command - subcommands as tables: dispatch and --help come from the same rows.
 *
 * To add `remotetrans NOUN`: write NOUN.c that defines `const struct command NOUN_command`, declare
 * it below, and add it to the table in main.c.
 */
#ifndef RT_CLI_COMMAND_H
#define RT_CLI_COMMAND_H

#include <stdbool.h>

#include "remotetrans/base/err.h"

#define EXIT_DIFFERENT 1 /* the run was fine, its answer is 'no' */
#define EXIT_USAGE     2
#define EXIT_HIDDEN    3 /* crossview: something is hidden */
#define EXIT_PARTIAL   4 /* crossview: nothing was found hidden, but not all could be compared */

struct command {
	const char *name;
	const char *arguments; /* for the usage line; NULL with @commands */
	const char *summary;   /* one line */
	const char *details;   /* options and more for --help, lines that end in newline; or NULL */
	/**
	 * @argv:       [0] is the subcommand's name; @argc of them, then NULL
	 * @ret_status: exit status, 0 unless set
	 *
	 * Return: NULL, or what main prints; USAGE ends with EXIT_USAGE, all others with 125.
	 */
	const struct err *(*run)(int argc, char **argv, int *ret_status);
	const struct command *const *commands; /* NULL-terminated; instead of @run */
};

/**
 * command_run() - find argv[1] below @top and run it, or print help
 * @path: what the user typed to get here, e.g. "remotetrans"
 */
MUST_CHECK const struct err *command_run(const struct command *top, const char *path, int argc,
					 char **argv, int *ret_status);

/* USAGE: "PATH: what is wrong; see `remotetrans NAME --help`". */
MUST_CHECK const struct err *command_misused(const char *name, const char *what);

#define COMMAND_OPTIONS_MAX 8 /* of one command */

/* An option: what it sets. -t is short for --target. */
struct command_option {
	const char *name;  /* NULL ends a table */
	const char **text; /* its value, which is borrowed; NULL: it has none, and sets @flag */
	bool *flag;
};

/* Read @argv by a table. Return: NULL, or USAGE: another option, or arguments that are none. */
MUST_CHECK const struct err *command_parse(const char *name, int argc, char **argv,
					   const struct command_option *options);

/* The value of an option: a decimal number from @least to @most. Return: NULL, or USAGE. */
MUST_CHECK const struct err *command_number(const char *name, const char *option, const char *text,
					    unsigned least, unsigned most, unsigned *ret);

/* -t TARGET, --json, --insecure-unverified, --insecure-unattested: what subcommands about one VM take. */
struct command_target {
	const char *name; /* NULL: not given */
	bool json, unverified, unattested;
};
MUST_CHECK const struct err *command_target_parse(const char *name, int argc, char **argv,
						  struct command_target *ret);

extern const struct command attest_command;
extern const struct command bind_command;
extern const struct command crossview_command;
extern const struct command enroll_command;
extern const struct command info_command;
extern const struct command keygen_command;
extern const struct command list_command;
extern const struct command profile_command;
extern const struct command reference_command;

#endif
