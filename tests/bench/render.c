/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * render RAMFILE PROFILE [ROUNDS] - what it costs to make text of a lab guest's RAM, without wire,
 * tags or tool: one line of JSON a row, in microseconds, the least and the median of ROUNDS (9).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/tools/ramguest.h"
#include "transcall/proc/workset.h"

#define ROUNDS_MAX 99

struct bench {
	struct ramguest guest;
	struct proc_view view;
	const char *ram, *profile;
	char *text;
	size_t len_bytes;
	FILE *out;
	unsigned long pids, bytes;
	const char *file;
	const struct err *e;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* --- what is timed ------------------------------------------------------------------------ */

static const struct err *time_profile(struct bench *b)
{
	return profile_load(b->profile, &b->guest.profile);
}

/* As after each snapshot: no translation is known. */
static const struct err *time_attach(struct bench *b)
{
	struct ramguest *g = &b->guest;

	gmem_flush(&g->gmem);
	TRY(kernel_attach(&g->kernel, &g->gmem.src, &g->profile, &g->vcpu, 1));
	return proc_view_init(&b->view, &g->kernel, 1);
}

static bool count_name(void *context, const char *name, enum node_kind kind)
{
	struct bench *b = context;

	(void)kind;
	b->pids += isdigit((unsigned char)*name) != 0;
	return true;
}

static const struct err *time_list(struct bench *b)
{
	struct proc_node proc;

	b->pids = 0;
	TRY(proc_lookup(&b->view, "/proc", &proc));
	return proc_list(&b->view, &proc, count_name, b);
}

static bool render_one(void *context, const char *name, enum node_kind kind)
{
	struct bench *b = context;
	struct proc_node node;
	struct stat st;
	char path[64];

	(void)kind;
	if (!isdigit((unsigned char)*name))
		return true;
	snprintf(path, sizeof(path), "/proc/%s%s%s", name, *b->file ? "/" : "", b->file);
	const struct err *e = proc_lookup(&b->view, path, &node);
	if (!e && node.kind == NODE_FILE) {
		rewind(b->out);
		e = proc_render(&b->view, &node, b->out);
		fflush(b->out);
		b->bytes += b->len_bytes;
	} else if (!e) {
		e = proc_attr(&b->view, &node, &st);
	}
	b->e = e && err_is_fatal(e) ? e : NULL;
	return !b->e;
}

/* b->file of each process. */
static const struct err *time_file(struct bench *b)
{
	struct proc_node proc;

	b->bytes = 0;
	TRY(proc_lookup(&b->view, "/proc", &proc));
	TRY(proc_list(&b->view, &proc, render_one, b));
	return b->e;
}

#define SET(name_, sets_)                                                                          \
	static const struct err *time_##name_(struct bench *b)                                     \
	{                                                                                          \
		TRY(time_attach(b));                                                               \
		work_fill(&b->view.work, WORK_POOL);                                               \
		return workset_walk(&b->view, sets_);                                              \
	}
SET(tasks, WORKSET_TASKS)
SET(system, WORKSET_SYSTEM)
SET(files, WORKSET_FILES)
SET(threads, WORKSET_THREADS)
SET(sockets, WORKSET_SOCKETS)

static const struct row {
	const char *name, *file;
	const struct err *(*run)(struct bench *b);
} rows[] = {
	{"profile", NULL, time_profile},
	{"attach", NULL, time_attach},
	{"list", NULL, time_list},
	{"attr", "", time_file},
	{"stat", "stat", time_file},
	{"statm", "statm", time_file},
	{"status", "status", time_file},
	{"cmdline", "cmdline", time_file},
	{"environ", "environ", time_file},
	{"comm", "comm", time_file},
	{"wchan", "wchan", time_file},
	{"cgroup", "cgroup", time_file},
	{"maps", "maps", time_file},
	{"walk tasks", NULL, time_tasks},
	{"walk system", NULL, time_system},
	{"walk files", NULL, time_files},
	{"walk threads", NULL, time_threads},
	{"walk sockets", NULL, time_sockets},
};

/* --- rows --------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static const struct err *row_run(struct bench *b, const struct row *row, unsigned rounds)
{
	double us[ROUNDS_MAX];

	b->file = row->file;
	TRY(time_attach(b));
	for (unsigned i = 0; i < rounds; i++) {
		double start = now_us();

		work_fill(&b->view.work, WORK_POOL);
		TRY(row->run(b));
		us[i] = now_us() - start;
	}
	qsort(us, rounds, sizeof(us[0]), compare);
	printf("{\"row\": \"render %s\", \"processes\": %lu, \"min_us\": %.1f, \"median_us\": "
	       "%.1f, "
	       "\"us_per_process\": %.2f, \"bytes\": %lu}\n",
	       row->name, b->pids, us[0], us[rounds / 2], us[0] / (double)(b->pids ? b->pids : 1),
	       row->file ? b->bytes : 0);
	fflush(stdout);
	return NULL;
}

static const struct err *bench_run(struct bench *b, const char *only, unsigned rounds)
{
	b->out = open_memstream(&b->text, &b->len_bytes);
	TRY(ramguest_open(&b->guest, b->ram, b->profile));
	TRY(time_attach(b));
	TRY(time_list(b));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!only || strcmp(only, rows[i].name) == 0)
			TRY(row_run(b, &rows[i], rounds));
	return NULL;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	long rounds = argc > 3 ? strtol(argv[3], NULL, 10) : 9;

	if (argc < 3 || argc > 5 || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: %s RAMFILE PROFILE [ROUNDS [ROW]]\n", argv[0]);
		return 2;
	}
	bench.ram = argv[1];
	bench.profile = argv[2];
	const struct err *e = bench_run(&bench, argc > 4 ? argv[4] : NULL, (unsigned)rounds);
	if (e)
		fprintf(stderr, "%s: %s\n", argv[0], e->message);
	return e != NULL;
}
