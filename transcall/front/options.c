/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input: the command line. */
#include "transcall/front/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"usage: transcall [-t TARGET] [--in PID] [OPTION...] [--] PROGRAM [ARG...]\n"
	"Run PROGRAM here; what it sees of processes, files in /proc and sockets is TARGET's.\n"
	"\n"
	"  -t, --target TARGET      VM of the targets file (default: $TRANSCALL_TARGET, or its "
	"only one)\n"
	"      --in PID             be in the namespaces of the guest's process PID (default: 1)\n"
	"      --files guest|host   whose /etc/passwd, localtime ... (default: guest)\n"
	"      --engine auto|notify whether programs may answer themselves from what was\n"
	"                           fetched for them (default: auto)\n"
	"      --insecure-unverified  accept a backend whose data cannot be verified\n"
	"      --insecure-unattested  take the VMM's key as the server names it\n"
	"      --no-compress        the server may not compress, whatever the link\n"
	"      --no-share           a session of its own, which ends with PROGRAM\n"
	"      --end-share          end the sessions that are kept for further programs\n"
	"      --stats              round trips, frames and times on standard error at the end\n"
	"      --support            list the system calls that are answered or refused\n"
	"  -h, --help               show this\n";

void options_help(void)
{
	fputs(usage, stdout);
}

static const struct err *parse_pid(const char *text, uint32_t *ret)
{
	char *end;
	unsigned long pid = strtoul(text, &end, 10);

	if (*text == '\0' || *end || pid == 0 || pid > INT_MAX)
		return ERR(ERR_USAGE, "--in %.32s: not a process id", text);
	*ret = (uint32_t)pid;
	return NULL;
}

static const struct err *parse_files(const char *text, bool *ret_host)
{
	*ret_host = strcmp(text, "host") == 0;
	if (!*ret_host && strcmp(text, "guest") != 0)
		return ERR(ERR_USAGE, "--files %.32s: guest or host", text);
	return NULL;
}

static const struct err *parse_engine(const char *text, bool *ret_notify)
{
	*ret_notify = strcmp(text, "notify") == 0;
	if (!*ret_notify && strcmp(text, "auto") != 0)
		return ERR(ERR_USAGE, "--engine %.32s: auto or notify", text);
	return NULL;
}

enum {
	OPTION_IN = 256,
	OPTION_UNVERIFIED,
	OPTION_UNATTESTED,
	OPTION_FILES,
	OPTION_ENGINE,
	OPTION_NO_COMPRESS,
	OPTION_STATS,
	OPTION_NO_SHARE,
	OPTION_LISTEN,
	OPTION_JOB, /* and the jobs above it */
};

static const struct option known[] = {
	{"target", required_argument, NULL, 't'},
	{"in", required_argument, NULL, OPTION_IN},
	{"insecure-unverified", no_argument, NULL, OPTION_UNVERIFIED},
	{"insecure-unattested", no_argument, NULL, OPTION_UNATTESTED},
	{"files", required_argument, NULL, OPTION_FILES},
	{"engine", required_argument, NULL, OPTION_ENGINE},
	{"no-compress", no_argument, NULL, OPTION_NO_COMPRESS},
	{"stats", no_argument, NULL, OPTION_STATS},
	{"no-share", no_argument, NULL, OPTION_NO_SHARE},
	{"end-share", no_argument, NULL, OPTION_JOB + JOB_END_SHARE},
	{"support", no_argument, NULL, OPTION_JOB + JOB_SUPPORT},
	{"support-roff", no_argument, NULL, OPTION_JOB + JOB_SUPPORT_ROFF},
	{"help", no_argument, NULL, 'h'},
	{"listen", required_argument, NULL, OPTION_LISTEN}, /* the keeper's: last */
	{0},
};

static const struct err *take(int option, struct options *ret)
{
	switch (option) {
	case 't':
		ret->target = optarg;
		return NULL;
	case OPTION_IN:
		return parse_pid(optarg, &ret->in_pid);
	case OPTION_UNVERIFIED:
		ret->insecure_unverified = true;
		return NULL;
	case OPTION_UNATTESTED:
		ret->insecure_unattested = true;
		return NULL;
	case OPTION_FILES:
		return parse_files(optarg, &ret->files_of_host);
	case OPTION_ENGINE:
		return parse_engine(optarg, &ret->notify_only);
	case OPTION_NO_COMPRESS:
		ret->no_compress = true;
		return NULL;
	case OPTION_STATS:
		ret->stats = true;
		return NULL;
	case OPTION_NO_SHARE:
		ret->no_share = true;
		return NULL;
	case OPTION_LISTEN:
		ret->listen = optarg;
		return NULL;
	case 'h':
		ret->job = JOB_HELP;
		return NULL;
	case '?':
		return ERR(ERR_USAGE, "try transcall --help");
	default:
		ret->job = (enum options_job)(option - OPTION_JOB);
		return NULL;
	}
}

const struct err *options_parse(int argc, char **argv, bool keeper, struct options *ret)
{
	struct option options[sizeof(known) / sizeof(known[0])];
	int option;

	memcpy(options, known, sizeof(options));
	if (!keeper)
		options[sizeof(known) / sizeof(known[0]) - 2] = (struct option){0};
	*ret = (struct options){0};
	while ((option = getopt_long(argc, argv, "+t:h", options, NULL)) >= 0) {
		TRY(take(option, ret));
		if (ret->job != JOB_RUN)
			return NULL;
	}
	ret->program = argv + optind;
	if (!keeper && !*ret->program)
		return ERR(ERR_USAGE, "no program given; try transcall --help");
	return NULL;
}

void options_for_keeper(const struct options *o, char pid_text[static 16],
			char *ret[static OPTIONS_KEEPER_MAX])
{
	size_t n = 0;
	const char *arguments[OPTIONS_KEEPER_MAX] = {NULL};

	arguments[n++] = "transcall-keeper";
	if (o->target) {
		arguments[n++] = "--target";
		arguments[n++] = o->target;
	}
	if (o->in_pid) {
		snprintf(pid_text, 16, "%u", o->in_pid);
		arguments[n++] = "--in";
		arguments[n++] = pid_text;
	}
	if (o->files_of_host)
		arguments[n++] = "--files=host";
	if (o->notify_only)
		arguments[n++] = "--engine=notify";
	if (o->no_compress)
		arguments[n++] = "--no-compress";
	if (o->insecure_unverified)
		arguments[n++] = "--insecure-unverified";
	if (o->insecure_unattested)
		arguments[n++] = "--insecure-unattested";
	for (size_t i = 0; i < OPTIONS_KEEPER_MAX; i++)
		ret[i] = (char *)(uintptr_t)arguments[i];
}
