/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ps-vm - the native IDS of the RemoteTrans thesis: pid and name of every process of a remote VM,
 * through the client library, every page verified.
 *
 * Input: attacker-controlled guest memory.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/process.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/client/session.h"
#include "transcall/kobj/pid.h"
#include "transcall/target/target.h"

#define COMM_BYTES 64
#define AGAIN_MAX  1000000

struct options {
	const char *target;
	unsigned again; /* list so many times more */
	bool json, per_field, stats, unverified, unattested, no_compress;
};

struct process {
	uint32_t pid;
	char name[COMM_BYTES];
};

struct listing {
	struct process *processes; /* owned */
	size_t count, size;
	size_t unreadable;
};

static const char usage[] =
	"Usage: ps-vm [-t TARGET] [--json] [--per-field] [--again N] [--no-compress] [--stats]\n"
	"List pid and name of every process of a remote VM; every page is verified.\n"
	"\n"
	"  -t, --target=TARGET        section of the targets file (targets.conf(5))\n"
	"      --json                 a JSON array of {pid, name}\n"
	"      --per-field            fetch each field in a round trip of its own, as the thesis "
	"did\n"
	"      --no-compress          the server may not compress, whatever the link\n"
	"      --again N              look again N times within the session; the last look is "
	"shown\n"
	"      --stats                time, round trips, frames and bytes on standard error\n"
	"      --insecure-unverified  accept a server that cannot prove what it says\n"
	"      --insecure-unattested  take the VMM's key as the server names it\n"
	"  -h, --help                 this text\n"
	"\n"
	"Exit status: 0 all listed; 1 some processes could not be read; 2 usage;\n"
	"125 the server or the VM cannot be trusted or reached.\n";

/* --- collecting ------------------------------------------------------------------------------- */

static const struct err *listing_add(struct listing *l, const struct process *p)
{
	if (l->count == l->size) {
		size_t size = l->size ? 2 * l->size : 256;
		struct process *grown = reallocarray(l->processes, size, sizeof(*grown));

		if (!grown)
			return ERR(ERR_SYSTEM, "no memory for %zu processes", size);
		l->processes = grown;
		l->size = size;
	}
	l->processes[l->count++] = *p;
	return NULL;
}

/* As in the thesis: nothing that was fetched for one field serves another. */
static void field_boundary(struct target *t, const struct options *o)
{
	if (o->per_field)
		session_forget(target_session(t));
}

static const struct err *collect(struct target *t, const struct options *o, struct listing *l)
{
	const struct kernel *k = target_kernel(t);
	struct process p;
	struct pid_iter it;
	gva_t task;

	l->count = l->unreadable = 0;
	TRY(pid_iter_init(&it, k, target_view(t)->pid_ns));
	for (;;) {
		field_boundary(t, o);
		const struct err *e = pid_iter_next(&it, k, &p.pid, &task);
		if (!e && gva_is_null(task))
			return NULL;
		field_boundary(t, o);
		if (!e)
			e = kfield_str(k, task, F_task_struct_comm, p.name, sizeof(p.name));
		l->unreadable += e != NULL;
		if (!e)
			TRY(listing_add(l, &p));
		TRY(target_pass_over(t, e));
	}
}

/* A new snapshot in mid-listing: begin again. What was listed before too much was read, counts. */
static const struct err *collect_consistent(struct target *t, const struct options *o,
					    struct listing *l)
{
	const struct err *e = NULL;

	for (unsigned round = 0; round <= SESSION_ROUNDS_MAX; round++) {
		e = collect(t, o, l);
		if (!proc_view_retries(target_view(t), e))
			break;
		TRY(target_view(t)->refresh(target_view(t)));
	}
	return e && e->kind != ERR_RACE && e->kind != ERR_FAULT ? e : NULL;
}

/* --- printing --------------------------------------------------------------------------------- */

/* Names are hostile: control characters never reach a terminal. */
static void print_text(const struct listing *l)
{
	printf("%7s %s\n", "PID", "NAME");
	for (size_t i = 0; i < l->count; i++) {
		printf("%7" PRIu32 " ", l->processes[i].pid);
		printable_put(stdout, l->processes[i].name);
		putchar('\n');
	}
}

/* JSON texts are UTF-8: other bytes become U+FFFD, one each. */
static json_t *json_name(const char *name)
{
	json_t *value = json_string(name);
	char clean[3 * COMM_BYTES + 1];
	size_t used = 0;

	if (value)
		return value;
	for (const char *c = name; *c && used + 4 < sizeof(clean); c++) {
		if ((unsigned char)*c < 0x80)
			clean[used++] = *c;
		else
			used += (size_t)sprintf(clean + used, "\xef\xbf\xbd");
	}
	clean[used] = 0;
	return json_string(clean);
}

/* DEL is the one control character that jansson leaves as it is. */
static void print_ascii(const char *json)
{
	for (; *json; json++)
		if (*json == 0x7f)
			fputs("\\u007f", stdout);
		else
			putchar(*json);
}

static const struct err *print_json(const struct listing *l)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->count; i++) {
		json_t *one = json_pack("{s:I, s:o}", "pid", (json_int_t)l->processes[i].pid,
					"name", json_name(l->processes[i].name));

		if (!one || json_array_append_new(all, one) != 0)
			return ERR(ERR_SYSTEM, "no memory for JSON");
	}
	AUTO_FREE char *text = json_dumps(all, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	json_decref(all);
	if (!text)
		return ERR(ERR_SYSTEM, "no memory for JSON");
	print_ascii(text);
	putchar('\n');
	return NULL;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void print_stats(struct target *t, const struct listing *l, double open_ms, double list_ms)
{
	char cost[512], phases[256];

	target_phases(t, phases, sizeof(phases));
	target_cost(t, cost, sizeof(cost));
	printable_clean(cost);
	fprintf(stderr, "ps-vm: %s\n", phases);
	fprintf(stderr, "ps-vm: %zu processes: open %.1f ms, list %.1f ms; %s\n", l->count, open_ms,
		list_ms, cost);
}

/* --- the program ------------------------------------------------------------------------------ */

enum {
	OPT_JSON = 256,
	OPT_PER_FIELD,
	OPT_AGAIN,
	OPT_STATS,
	OPT_UNVERIFIED,
	OPT_UNATTESTED,
	OPT_NO_COMPRESS
};

static const struct option long_options[] = {
	{"target", required_argument, NULL, 't'},
	{"json", no_argument, NULL, OPT_JSON},
	{"per-field", no_argument, NULL, OPT_PER_FIELD},
	{"again", required_argument, NULL, OPT_AGAIN},
	{"stats", no_argument, NULL, OPT_STATS},
	{"insecure-unverified", no_argument, NULL, OPT_UNVERIFIED},
	{"insecure-unattested", no_argument, NULL, OPT_UNATTESTED},
	{"no-compress", no_argument, NULL, OPT_NO_COMPRESS},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static bool parse_count(const char *text, unsigned *ret)
{
	char *end;
	unsigned long count = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || count > AGAIN_MAX) {
		fprintf(stderr, "ps-vm: --again %.32s: a number up to %d\n", text, AGAIN_MAX);
		return false;
	}
	*ret = (unsigned)count;
	return true;
}

/* Return: -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct options *o)
{
	for (int c; (c = getopt_long(argc, argv, "t:h", long_options, NULL)) != -1;) {
		switch (c) {
		case 't':
			o->target = optarg;
			break;
		case OPT_JSON:
			o->json = true;
			break;
		case OPT_PER_FIELD:
			o->per_field = true;
			break;
		case OPT_AGAIN:
			if (!parse_count(optarg, &o->again))
				return 2;
			break;
		case OPT_STATS:
			o->stats = true;
			break;
		case OPT_UNVERIFIED:
			o->unverified = true;
			break;
		case OPT_UNATTESTED:
			o->unattested = true;
			break;
		case OPT_NO_COMPRESS:
			o->no_compress = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs("Try 'ps-vm --help'.\n", stderr);
			return 2;
		}
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "ps-vm: '%s' is one argument too many\nTry 'ps-vm --help'.\n",
		argv[optind]);
	return 2;
}

/* @start_ms: when opening began, or a further look */
static const struct err *look(struct target *t, const struct options *o, struct listing *l,
			      double start_ms)
{
	double opened_ms = now_ms();

	TRY(collect_consistent(t, o, l));
	if (o->stats)
		print_stats(t, l, opened_ms - start_ms, now_ms() - opened_ms);
	return NULL;
}

/* A further look is at the guest as it is now: a new snapshot, as after the tool slept. */
static const struct err *look_again(struct target *t, const struct options *o, struct listing *l)
{
	for (unsigned i = 0; i < o->again; i++) {
		double start_ms = now_ms();

		target_slept(t);
		if (!o->per_field)
			TRY(target_want(t, WORKSET_NAMES));
		TRY(look(t, o, l, start_ms));
	}
	return NULL;
}

static const struct err *run(const struct options *o, struct listing *l)
{
	struct target_options options = {.sets = WORKSET_NAMES,
					 .live = o->per_field,
					 .insecure_unverified = o->unverified,
					 .insecure_unattested = o->unattested,
					 .no_compress = o->no_compress};
	char notice[256];
	struct target *t = NULL;
	double start_ms = now_ms();

	TRY(target_open(o->target, &options, &t));
	target_notice(t, notice, sizeof(notice));
	printable_notice(stderr, "ps-vm", notice);
	if (o->per_field)
		session_set_readahead(target_session(t), 1);
	const struct err *e = look(t, o, l, start_ms);
	if (!e)
		e = look_again(t, o, l);
	target_close(t);
	TRY(e);
	if (o->json)
		return print_json(l);
	print_text(l);
	return NULL;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct listing listing = {0};
	int status = parse_options(argc, argv, &options);

	if (status >= 0)
		return status;
	const struct err *e = process_hide(); /* the session's key */
	if (!e)
		e = run(&options, &listing);
	free(listing.processes);
	if (e) {
		printable_error(stderr, "ps-vm", e);
		return e->kind == ERR_USAGE ? 2 : ERR_EXIT_CODE;
	}
	if (listing.unreadable)
		fprintf(stderr, "ps-vm: %zu processes could not be read\n", listing.unreadable);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return listing.unreadable != 0;
	fprintf(stderr, "ps-vm: SYSTEM: cannot write to standard output: %s\n", strerror(errno));
	return ERR_EXIT_CODE;
}
