/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans - the administrative tool; its subcommands are one file each. */
#include <stdio.h>
#include <stdlib.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/process.h"
#include "remotetrans/cli/command.h"

static const struct command *const commands[] = {
	&list_command,
	&info_command,
	&attest_command,
	&enroll_command,
	&bind_command,
	&crossview_command,
	&profile_command,
	&keygen_command,
	&reference_command,
	NULL,
};

static const struct command top = {
	.name = "remotetrans",
	.summary = "Administer remote monitoring of virtual machines.",
	.details = "Exit status: 0 done, 1 the answer is no (attest: not attested; bind: the token "
		   "was not found;\nprofile diff: they differ), 2 wrong usage, 125 failed; "
		   "crossview: 3 something is hidden,\n4 not all could be compared.\n"
		   "Man page: remotetrans(1)\n",
	.commands = commands,
};

int main(int argc, char **argv)
{
	int status = EXIT_SUCCESS;
	const struct err *e = process_hide(); /* keys of sessions, of the authority */

	if (!e)
		e = command_run(&top, top.name, argc, argv, &status);

	if (!e && (fflush(stdout) != 0 || ferror(stdout)))
		e = ERR(ERR_SYSTEM, "cannot write to standard output");
	if (!e)
		return status;
	printable_error(stderr, "remotetrans", e);
	return e->kind == ERR_USAGE ? EXIT_USAGE : ERR_EXIT_CODE;
}
