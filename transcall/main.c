/* SPDX-License-Identifier: GPL-2.0-or-later */
/* transcall - run a stock program here so that it shows a remote VM. Input: the command line. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/process.h"
#include "transcall/sys/paths.h"
#include "transcall/sys/syscalls.h"
#include "transcall/target/target.h"
#include "transcall/trap/run.h"
#include "transcall/trap/signals.h"
#include "transcall/vfs/image.h"
#include "transcall/vfs/needs.h"

struct options {
	const char *target;
	struct target_options open;
	bool stats;
	bool done; /* the option itself was the job */
	char **program;
};

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
	"      --stats              round trips, frames and times on standard error at the end\n"
	"      --support            list the system calls that are answered or refused\n"
	"  -h, --help               show this\n";

static const struct err *parse_pid(const char *text, uint32_t *ret)
{
	char *end;
	unsigned long pid = strtoul(text, &end, 10);

	if (*text == '\0' || *end || pid == 0 || pid > INT_MAX)
		return ERR(ERR_USAGE, "--in %.32s: not a process id", text);
	*ret = (uint32_t)pid;
	return NULL;
}

static const struct err *parse_files(const char *text)
{
	if (strcmp(text, "host") == 0)
		paths_take_files_of_host();
	else if (strcmp(text, "guest") != 0)
		return ERR(ERR_USAGE, "--files %.32s: guest or host", text);
	return NULL;
}

static const struct err *parse_engine(const char *text)
{
	if (strcmp(text, "notify") == 0)
		images_turn_off();
	else if (strcmp(text, "auto") != 0)
		return ERR(ERR_USAGE, "--engine %.32s: auto or notify", text);
	return NULL;
}

enum { OPTION_IN = 256, OPTION_UNVERIFIED, OPTION_UNATTESTED, OPTION_NO_COMPRESS, OPTION_STATS, OPTION_SUPPORT, OPTION_SUPPORT_ROFF, OPTION_FILES, OPTION_ENGINE };

static const struct err *parse(int argc, char **argv, struct options *ret)
{
	static const struct option known[] = {
		{"target", required_argument, NULL, 't'},
		{"in", required_argument, NULL, OPTION_IN},
		{"insecure-unverified", no_argument, NULL, OPTION_UNVERIFIED},
		{"insecure-unattested", no_argument, NULL, OPTION_UNATTESTED},
		{"no-compress", no_argument, NULL, OPTION_NO_COMPRESS},
		{"files", required_argument, NULL, OPTION_FILES},
		{"engine", required_argument, NULL, OPTION_ENGINE},
		{"stats", no_argument, NULL, OPTION_STATS},
		{"support", no_argument, NULL, OPTION_SUPPORT},
		{"support-roff", no_argument, NULL, OPTION_SUPPORT_ROFF},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+t:h", known, NULL)) >= 0)
		switch (option) {
		case 't':
			ret->target = optarg;
			break;
		case OPTION_IN:
			TRY(parse_pid(optarg, &ret->open.in_pid));
			break;
		case OPTION_UNVERIFIED:
			ret->open.insecure_unverified = true;
			break;
		case OPTION_UNATTESTED:
			ret->open.insecure_unattested = true;
			break;
		case OPTION_NO_COMPRESS:
			ret->open.no_compress = true;
			break;
		case OPTION_FILES:
			TRY(parse_files(optarg));
			break;
		case OPTION_ENGINE:
			TRY(parse_engine(optarg));
			break;
		case OPTION_STATS:
			ret->stats = true;
			break;
		case OPTION_SUPPORT:
		case OPTION_SUPPORT_ROFF:
			syscalls_print(stdout, option == OPTION_SUPPORT_ROFF);
			ret->done = true;
			return NULL;
		case 'h':
			fputs(usage, stdout);
			ret->done = true;
			return NULL;
		default:
			return ERR(ERR_USAGE, "try transcall --help");
		}
	ret->program = argv + optind;
	if (!*ret->program)
		return ERR(ERR_USAGE, "no program given; try transcall --help");
	ret->open.sets = needs_of_program(*ret->program);
	return NULL;
}

static const struct err *want(void *context, uint64_t sets)
{
	return target_want(context, sets);
}

static void slept(void *context)
{
	target_slept(context);
}

/* A run that could not show everything as it is says so. */
static void report(const struct guest *guest)
{
	const struct proc_view *view = guest->view;

	if (llabs(guest->skew_seconds) > 1)
		fprintf(stderr,
			"transcall: the guest's clock could not be shown: it is %lld s ahead of "
			"this machine's\n",
			(long long)guest->skew_seconds);
	if (view->unreadable || view->absent || view->races)
		fprintf(stderr,
			"transcall: not everything could be read: %lu unreadable, %lu not in "
			"memory, %lu changed while being read\n",
			view->unreadable, view->absent, view->races);
}

static void print_stats(struct target *target)
{
	char cost[512], phases[256];

	target_phases(target, phases, sizeof(phases));
	target_cost(target, cost, sizeof(cost));
	printable_clean(cost);
	fprintf(stderr, "transcall: %s\n", phases);
	fprintf(stderr, "transcall: %s\n", cost);
}

static void say_notice(const struct target *target)
{
	char notice[256];

	target_notice(target, notice, sizeof(notice));
	printable_notice(stderr, "transcall", notice);
}

/* For a person to know; a script asks `remotetrans info`, or sets require_protected=. */
static void say_unprotected(const struct target *target)
{
	const char *vm = isatty(STDERR_FILENO) ? target_unprotected(target) : NULL;

	if (vm)
		fprintf(stderr, "transcall: VM %s is not protected from its host's administrator\n",
			vm);
}

static const struct err *run(const struct options *options, int *ret_status)
{
	struct target *target;
	struct guest guest;
	const struct err *e;

	TRY(target_open(options->target, &options->open, &target));
	say_notice(target);
	say_unprotected(target);
	guest = (struct guest){
		.view = target_view(target), .want = want, .slept = slept, .context = target};
	e = run_tool(&guest, options->program, ret_status);
	if (!e)
		report(&guest);
	if (!e && options->stats)
		print_stats(target);
	target_close(target);
	return e;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	int status = 0;
	const struct err *e = parse(argc, argv, &options);

	if (!e && options.done)
		return 0;
	if (!e)
		e = process_hide(); /* the session's key */
	if (!e)
		e = run(&options, &status);
	if (!e)
		signals_exit_like(status);
	printable_error(stderr, "transcall", e);
	return ERR_EXIT_CODE;
}
