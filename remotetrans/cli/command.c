/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dispatch and help of subcommands. */
#include "remotetrans/cli/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES  128
#define HELP_COLUMN 36

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static void row_print(const struct command *c)
{
	int width = printf("  %s %s", c->name, c->run ? c->arguments : "COMMAND");

	if (width > HELP_COLUMN)
		width = printf("\n") - 1;
	printf("%*s%s\n", HELP_COLUMN + 1 - width, "", c->summary);
}

static void help_print(const struct command *c, const char *path)
{
	if (c->run) {
		printf("usage: %s %s\n%s\n", path, c->arguments, c->summary);
	} else {
		printf("usage: %s COMMAND [ARGUMENT...]\n%s\n\n", path, c->summary);
		for (const struct command *const *sub = c->commands; *sub; sub++)
			row_print(*sub);
	}
	if (c->details)
		printf("\n%s", c->details);
}

const struct err *command_misused(const char *name, const char *what)
{
	return ERR(ERR_USAGE, "%s: %s; see `remotetrans %s --help`", name, what, name);
}

/* The row that getopt_long() means: its place, counted from 1, or a letter; NULL: none. */
static const struct command_option *row_find(const struct command_option *options, int code)
{
	for (int i = 0; options[i].name; i++)
		if (code == i + 1 || (code == 't' && strcmp(options[i].name, "target") == 0))
			return &options[i];
	return NULL;
}

const struct err *command_parse(const char *name, int argc, char **argv,
				const struct command_option *options)
{
	struct option rows[COMMAND_OPTIONS_MAX + 1] = {{NULL, 0, NULL, 0}};
	int code;

	for (int i = 0; options[i].name && i < COMMAND_OPTIONS_MAX; i++)
		rows[i] = (struct option){options[i].name,
					  options[i].text ? required_argument : no_argument, NULL,
					  i + 1};
	opterr = 0;
	while ((code = getopt_long(argc, argv, "t:", rows, NULL)) != -1) {
		const struct command_option *row = row_find(options, code);

		if (!row)
			return command_misused(name, "unknown option, or one without its value");
		if (row->text)
			*row->text = optarg;
		else
			*row->flag = true;
	}
	return optind == argc ? NULL : command_misused(name, "too many arguments");
}

const struct err *command_number(const char *name, const char *option, const char *text,
				 unsigned least, unsigned most, unsigned *ret)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || number < least || number > most)
		return ERR(ERR_USAGE, "%s: --%s %.32s: not a number from %u to %u", name, option,
			   text, least, most);
	*ret = (unsigned)number;
	return NULL;
}

const struct err *command_target_parse(const char *name, int argc, char **argv,
				       struct command_target *ret)
{
	*ret = (struct command_target){0};
	return command_parse(name, argc, argv,
			     (const struct command_option[]){
				     {.name = "target", .text = &ret->name},
				     {.name = "json", .flag = &ret->json},
				     {.name = "insecure-unverified", .flag = &ret->unverified},
				     {.name = "insecure-unattested", .flag = &ret->unattested},
				     {.name = NULL},
			     });
}

static const struct command *command_find(const struct command *top, const char *name)
{
	for (const struct command *const *sub = top->commands; *sub; sub++)
		if (strcmp((*sub)->name, name) == 0)
			return *sub;
	return NULL;
}

const struct err *command_run(const struct command *top, const char *path, int argc, char **argv,
			      int *ret_status)
{
	char below[PATH_BYTES];

	/* only `--help` is help where a command takes arguments: 'help' may be one of them */
	if (argc > 1 && is_help(argv[1]) && (!top->run || argv[1][0] == '-')) {
		help_print(top, path);
		return NULL;
	}
	if (top->run)
		return top->run(argc, argv, ret_status);
	if (argc < 2)
		return ERR(ERR_USAGE, "%s: which command? `%s --help` lists them", path, path);
	const struct command *found = command_find(top, argv[1]);
	if (!found)
		return ERR(ERR_USAGE, "%s: no command '%.40s'; `%s --help` lists them", path,
			   argv[1], path);
	snprintf(below, sizeof(below), "%s %s", path, found->name);
	return command_run(found, below, argc - 1, argv + 1, ret_status);
}
