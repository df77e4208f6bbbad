// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xen-abuse - misuse HYPERVISOR_remotetrans_op, from dom0 or another domain.
 *
 *   xen-abuse CASE DOMID [ARGUMENT...]      the cases are in the table below
 *
 * Prints "ok CASE" (exit status 0) or "not ok CASE: why" (1); "cannot CASE: why" (77) where the
 * case cannot be tried.
 */
#include "tests/xen/abuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_CANNOT 77

static const struct {
	const char *name;
	const struct err *(*run)(struct abuse *a);
	bool without_session;
	const char *what;
} cases[] = {
	{"rewrite", abuse_rewrite, false, "[ROUNDS] the caller rewrites its buffers meanwhile"},
	{"other-session", abuse_other_session, false,
	 "reads of the caller's own in a client's session"},
	{"fault", abuse_fault, false, "faults in the middle of a batch, then a retry"},
	{"not-owned", abuse_not_owned, false,
	 "[OTHER-DOMID] frames of dom0, Xen and another guest"},
	{"eperm", abuse_eperm, true,
	 "[ALLOWED-DOMID] in an unprivileged domain: nothing is allowed"},
	{"pause", abuse_pause, false, "a pause that nobody ends"},
	{"hold", abuse_hold, false, "begin a pause and sleep; to be killed"},
	{"budget", abuse_budget, false, "[SECONDS] pauses as many and long as are granted"},
	{"sessions", abuse_sessions, false, "300 sessions"},
	{"tags", abuse_tags, false, "[FRAMES] records of a running guest verify"},
	{"key-sweep", abuse_key_sweep, false, "search what can be mapped for the session's key"},
};

static int usage(void)
{
	fputs("usage: xen-abuse CASE DOMID [ARGUMENT...]\n", stderr);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		fprintf(stderr, "  %-14s %s\n", cases[i].name, cases[i].what);
	return 2;
}

const struct err *abuse_find_frames(struct abuse *a)
{
	struct rtvmm_info info;

	TRY(client_info(&a->client, &info));
	TRY(client_find_frames(&a->client, 1, info.max_frame / 40000 + 1, a->frames,
			       ABUSE_FRAMES_MAX, &a->frame_count));
	return a->frame_count < 100 ? FAILED("only %u frames of RAM found", a->frame_count) : NULL;
}

uint64_t abuse_number(const struct abuse *a, uint64_t otherwise)
{
	return a->arguments[0] ? strtoull(a->arguments[0], NULL, 0) : otherwise;
}

static const struct err *run(struct abuse *a, size_t i)
{
	if (!cases[i].without_session)
		TRY(client_open(&a->client, &a->call, a->domid));
	return cases[i].run(a);
}

static int cannot(size_t i, const struct err *e)
{
	printf("cannot %s: %s\n", cases[i].name, e->message);
	return EXIT_CANNOT;
}

static int run_case(size_t i, char **arguments)
{
	static struct abuse a;
	const struct err *e = hypercall_open(&a.call);

	if (e)
		return cannot(i, e);
	a.domid = (uint16_t)strtoul(arguments[0], NULL, 0);
	a.client.call = &a.call;
	a.arguments = arguments + 1;
	e = run(&a, i);
	if (e && e->kind == ERR_ABSENT)
		return cannot(i, e);
	if (e)
		printf("not ok %s: %s (%s:%d)\n", cases[i].name, e->message, e->file, e->line);
	else
		printf("ok %s\n", cases[i].name);
	hypercall_close(&a.call);
	return e != NULL;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return usage();
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (!strcmp(argv[1], cases[i].name))
			return run_case(i, argv + 2);
	return usage();
}
