/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options - the command line of transcall, and that of its keeper, which is made from it. */
#ifndef TC_FRONT_OPTIONS_H
#define TC_FRONT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define OPTIONS_KEEPER_MAX 16

enum options_job { JOB_RUN, JOB_HELP, JOB_SUPPORT, JOB_SUPPORT_ROFF, JOB_END_SHARE };

struct options {
	enum options_job job;
	const char *target; /* NULL: not named */
	uint32_t in_pid;    /* 0: not named */
	bool files_of_host;
	bool notify_only; /* --engine=notify */
	bool no_compress;
	bool insecure_unverified;
	bool insecure_unattested;
	bool stats;
	bool no_share;
	const char *listen; /* of the keeper: where it waits for another tool; NULL: nowhere */
	char **program;     /* of transcall: with its arguments */
};

/* @keeper: it is the keeper's command line */
MUST_CHECK const struct err *options_parse(int argc, char **argv, bool keeper, struct options *ret);

void options_help(void);

/**
 * options_for_keeper() - the keeper's arguments for what @o asks for, without @o->listen
 * @pid_text: room for a number; must live as long as @ret
 * @ret:      out: from argv[0] on, NULL at the end
 */
void options_for_keeper(const struct options *o, char pid_text[static 16],
			char *ret[static OPTIONS_KEEPER_MAX]);

#endif
