/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options - vmmd's command line. */
#ifndef VMMD_OPTIONS_H
#define VMMD_OPTIONS_H

#include "vmm/vmmd/host.h"

#define DEADLINE_MS_DEFAULT 1000
#define DEADLINE_MS_MAX     1000 /* the whole pause budget of ten seconds */

struct options {
	const char *name;
	const char *socket_path;
	const char *pubkey_path; /* NULL: none */
	const char *tpm;         /* to measure the key into; NULL: none */
	const char *events;      /* file to append the events to; NULL: none */
	bool more_keys;          /* of other vmmds: no separator yet */
	const char *user;        /* to become; empty: see process_drop() */
	uint32_t deadline_ms;
	struct host_config host;
	bool help, version;
};

/* All strings point into @argv. USAGE when something is wrong or missing. */
MUST_CHECK const struct err *options_parse(int argc, char **argv, struct options *ret);

void options_print_help(void);

#endif
