/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * remotetrans crossview - tasks that one of the kernel's views has, and another should have but has
 * not: what a rootkit hides. Input: attacker-controlled guest memory; names in it are hostile.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/client/session.h"
#include "transcall/target/target.h"

#define DELETE      0x7f /* the one control character that JSON leaves as it is */
#define LOOKS_MAX   6
#define LOOK_GAP_NS 100000000L /* a fork or an exit takes microseconds of the guest's time */

/* The last two looks; a suspect must be in both. */
struct looks {
	struct census now, before;
	unsigned count;
};

static void looks_deinit(struct looks *l)
{
	census_deinit(&l->now);
	census_deinit(&l->before);
}

/* --- looking ------------------------------------------------------------------------------- */

/* As the same task in the look before, it lacked something then, too. */
static const struct census_task *earlier(const struct looks *l, const struct census_task *t)
{
	const struct census_task *then = census_find(&l->before, t->at);

	return then && then->pid == t->pid && census_lacks(&l->before, then) ? then : NULL;
}

static bool is_hidden(const struct looks *l, const struct census_task *t)
{
	return census_lacks(&l->now, t) && earlier(l, t);
}

/* Might it be on its way in or out? It is looked at again. */
static bool is_unsure(const struct looks *l, const struct census_task *t)
{
	return census_lacks(&l->now, t) && (!earlier(l, t) || census_is_moving(t));
}

static uint32_t count_of(const struct looks *l,
			 bool (*test)(const struct looks *l, const struct census_task *t))
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->now.count; i++)
		n += test(l, &l->now.tasks[i]);
	return n;
}

static const struct err *look(struct target *t, struct looks *l)
{
	struct census oldest = l->before;

	if (l->count)
		target_slept(t);
	l->before = l->now;
	l->now = oldest;
	l->count++;
	return target_census(t, &l->now);
}

/* Each look is one snapshot; where the views agree, one is enough. */
static const struct err *look_until_sure(struct target *t, struct looks *l)
{
	const struct timespec gap = {.tv_nsec = LOOK_GAP_NS};

	TRY(look(t, l));
	while (count_of(l, is_unsure) && l->count < LOOKS_MAX) {
		nanosleep(&gap, NULL);
		TRY(look(t, l));
	}
	return NULL;
}

/* --- text ---------------------------------------------------------------------------------- */

static void print_views(uint16_t views)
{
	const char *comma = "";

	for (enum census_view v = 0; v < CENSUS_VIEWS; v++)
		if (views >> v & 1) {
			printf("%s%s", comma, census_view_name(v));
			comma = ",";
		}
}

/* The name comes last: what is in it cannot be taken for anything else. */
static void print_task(const struct looks *l, const struct census_task *t)
{
	printf("hidden: pid %d tgid %d: in ", t->pid, t->tgid);
	print_views(t->views);
	printf("; not in ");
	print_views(census_lacks(&l->now, t));
	printf("%s: ", census_is_moving(t) ? "; marked as starting or dead" : "");
	printable_put(stdout, t->comm);
	putchar('\n');
}

static void print_text(const struct looks *l)
{
	for (uint32_t i = 0; i < l->now.count; i++)
		if (is_hidden(l, &l->now.tasks[i]))
			print_task(l, &l->now.tasks[i]);
	printf("%u tasks, %u hidden:", l->now.count, count_of(l, is_hidden));
	for (enum census_view v = 0; v < CENSUS_VIEWS; v++) {
		const struct census_walk *w = &l->now.walks[v];

		if (w->absent)
			printf(" %s none", census_view_name(v));
		else
			printf(" %s %u%s", census_view_name(v), w->tasks, *w->cut ? "+" : "");
	}
	putchar('\n');
}

/* --- JSON ---------------------------------------------------------------------------------- */

static json_t *json_views(uint16_t views)
{
	json_t *names = json_array();

	for (enum census_view v = 0; v < CENSUS_VIEWS; v++)
		if (views >> v & 1)
			json_array_append_new(names, json_string(census_view_name(v)));
	return names;
}

/* JSON texts are UTF-8: a name that is not is given as the text output gives it. */
static json_t *json_name(const char *name)
{
	char escaped[4 * CENSUS_COMM_BYTES + 1] = "";
	json_t *value = strchr(name, DELETE) ? NULL : json_string(name);

	if (value)
		return value;
	AUTO_FCLOSE FILE *out = fmemopen(escaped, sizeof(escaped), "w");
	if (out)
		printable_put(out, name);
	if (out)
		fflush(out);
	return json_string(escaped);
}

static json_t *json_task(const struct looks *l, const struct census_task *t)
{
	return json_pack("{s:i, s:i, s:o, s:o, s:o, s:b}", "pid", t->pid, "tgid", t->tgid, "comm",
			 json_name(t->comm), "in", json_views(t->views), "not_in",
			 json_views(census_lacks(&l->now, t)), "moving", census_is_moving(t));
}

static json_t *json_walk(enum census_view v, const struct census_walk *w)
{
	return json_pack("{s:s, s:s, s:b, s:I, s:I, s:s?}", "name", census_view_name(v), "what",
			 census_view_what(v), "present", !w->absent, "tasks", (json_int_t)w->tasks,
			 "unreadable", (json_int_t)w->unreadable, "cut", *w->cut ? w->cut : NULL);
}

static const struct err *print_json(const struct looks *l)
{
	json_t *hidden = json_array(), *views = json_array();

	for (uint32_t i = 0; i < l->now.count; i++)
		if (is_hidden(l, &l->now.tasks[i]))
			json_array_append_new(hidden, json_task(l, &l->now.tasks[i]));
	for (enum census_view v = 0; v < CENSUS_VIEWS; v++)
		json_array_append_new(views, json_walk(v, &l->now.walks[v]));
	json_t *all = json_pack("{s:I, s:I, s:b, s:o, s:o}", "tasks", (json_int_t)l->now.count,
				"looks", (json_int_t)l->count, "whole", census_is_whole(&l->now),
				"hidden", hidden, "views", views);
	bool failed = !all || json_dumpf(all, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) != 0;
	json_decref(all);
	if (failed)
		return ERR(ERR_SYSTEM, "cannot print JSON");
	putchar('\n');
	return NULL;
}

/* --- the command --------------------------------------------------------------------------- */

/* What was not compared must not pass for compared. */
static void report_gaps(const struct census *c)
{
	for (enum census_view v = 0; v < CENSUS_VIEWS; v++) {
		const struct census_walk *w = &c->walks[v];

		if (*w->cut)
			fprintf(stderr, "remotetrans: crossview: %s was cut short after %u: %s\n",
				census_view_name(v), w->tasks, w->cut); /* our own words */
		if (w->unreadable)
			fprintf(stderr, "remotetrans: crossview: %s: %u unreadable\n",
				census_view_name(v), w->unreadable);
	}
	if (c->mixed)
		fputs("remotetrans: crossview: not all of it is of one moment: too much for one "
		      "snapshot\n",
		      stderr);
}

static const struct err *show(const struct command_target *c, int *ret_status)
{
	CLEANUP(looks_deinit) struct looks looks = {0};
	struct target_options options = {.sets = WORKSET_CENSUS,
					 .insecure_unverified = c->unverified,
					 .insecure_unattested = c->unattested};
	char notice[256];
	struct target *t;

	TRY(target_open(c->name, &options, &t));
	const struct err *e = look_until_sure(t, &looks);
	target_notice(t, notice, sizeof(notice));
	target_close(t);
	TRY(e);
	printable_notice(stderr, "remotetrans", notice);
	if (c->json)
		TRY(print_json(&looks));
	else
		print_text(&looks);
	report_gaps(&looks.now);
	if (count_of(&looks, is_hidden))
		*ret_status = EXIT_HIDDEN;
	else if (!census_is_whole(&looks.now))
		*ret_status = EXIT_PARTIAL;
	return NULL;
}

static const struct err *crossview_run(int argc, char **argv, int *ret_status)
{
	struct command_target target;

	TRY(command_target_parse("crossview", argc, argv, &target));
	return show(&target, ret_status);
}

const struct command crossview_command = {
	.name = "crossview",
	.arguments = "[-t TARGET] [--json] [--insecure-unverified] [--insecure-unattested]",
	.summary = "tasks that are hidden from one of the kernel's views",
	.details = "Compares, within one snapshot: the pid IDR, the task list, thread groups, "
		   "children,\n"
		   "process groups, sessions, control groups, run queues, and who is named by "
		   "others.\n"
		   "A task that lacks where it should be is looked at again, as it may just be "
		   "starting\n"
		   "or ending.\n"
		   "Exit status: 0 nothing hidden, 3 something is, 4 nothing found but not all "
		   "could be\n"
		   "read, 125 failed.\n",
	.run = crossview_run,
};
