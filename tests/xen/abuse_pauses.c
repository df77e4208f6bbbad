// SPDX-License-Identifier: GPL-2.0-or-later
/* Pauses that a caller would like to be longer. */
#include "tests/xen/abuse.h" /* first: it says which of Xen\'s structures */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xenctrl.h>

#define PAUSES_MAX  4096
#define WINDOW_NS   10000000000ull
#define SHARE       10        /* a tenth of a window */
#define LATE_NS     20000000u /* that a timer may be, on a busy emulated machine */
#define DEADLINE_MS 1000

/* Time that the domain's vCPUs have run, as Xen counts it. */
static const struct err *time_run(uint16_t domid, uint64_t *ret_ns)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	xc_dominfo_t info;
	int got = xc ? xc_domain_getinfo(xc, domid, 1, &info) : -1;

	xc_interface_close(xc);
	if (got != 1 || info.domid != domid)
		return ERR(ERR_SYSTEM, "Xen says nothing about domain %u", domid);
	*ret_ns = info.cpu_time;
	return NULL;
}

/* Whether it runs in the next @ms. */
static const struct err *runs(uint16_t domid, unsigned ms, bool *ret)
{
	uint64_t before_ns, after_ns;

	TRY(time_run(domid, &before_ns));
	usleep(ms * 1000);
	TRY(time_run(domid, &after_ns));
	*ret = after_ns != before_ns;
	return NULL;
}

const struct err *abuse_pause(struct abuse *a)
{
	struct rtvmm_snapshot s;
	struct rtvmm_info before, after;
	const struct err *e;
	bool running;

	TRY(client_info(&a->client, &before));
	TRY(client_snapshot(&a->client, RTVMM_OP_SNAPSHOT_BEGIN, 0, &s));
	if (s.deadline_ms > DEADLINE_MS)
		return FAILED("a pause of %u ms was granted", s.deadline_ms);
	TRY(runs(a->domid, s.deadline_ms / 3, &running));
	if (running)
		return FAILED("the guest runs although it is paused");
	usleep((s.deadline_ms + 200) * 1000);
	TRY(runs(a->domid, 5000, &running));
	if (!running)
		return FAILED("the guest does not run again");
	e = client_snapshot(&a->client, RTVMM_OP_SNAPSHOT_END, 0, &s);
	if (!e || e->errnum != RTVMM_ETIME)
		return FAILED("the end of a pause that is over: %s", e ? e->message : "accepted");
	TRY(client_info(&a->client, &after));
	printf("info: %llu pauses, the longest %llu us\n", (unsigned long long)after.pauses,
	       (unsigned long long)after.paused_ns_max / 1000);
	if (after.pauses == before.pauses || after.flags & RTVMM_INFO_PAUSED)
		return FAILED("pauses %llu, flags %x", (unsigned long long)after.pauses,
			      after.flags);
	return after.paused_ns_max > DEADLINE_MS * 1000000ull + LATE_NS
		       ? FAILED("the pause was %llu us",
				(unsigned long long)after.paused_ns_max / 1000)
		       : NULL;
}

const struct err *abuse_hold(struct abuse *a)
{
	struct rtvmm_snapshot s;

	TRY(client_snapshot(&a->client, RTVMM_OP_SNAPSHOT_BEGIN, 0, &s));
	printf("holding for %u ms\n", s.deadline_ms);
	for (;;)
		pause();
}

struct spans {
	struct {
		uint64_t from_ns, to_ns;
	} at[PAUSES_MAX];
	uint32_t count;
};

/* The most of any ten seconds; windows that end with a pause are the fullest. */
static uint64_t fullest_window_ns(const struct spans *s)
{
	uint64_t most_ns = 0;

	for (uint32_t i = 0; i < s->count; i++) {
		uint64_t end_ns = s->at[i].to_ns,
			 start_ns = end_ns > WINDOW_NS ? end_ns - WINDOW_NS : 0;
		uint64_t sum_ns = 0;

		for (uint32_t j = 0; j <= i; j++)
			if (s->at[j].to_ns > start_ns)
				sum_ns +=
					s->at[j].to_ns -
					(s->at[j].from_ns > start_ns ? s->at[j].from_ns : start_ns);
		most_ns = sum_ns > most_ns ? sum_ns : most_ns;
	}
	return most_ns;
}

/* One pause, until it is ended or ends; EBUSY is an answer, too. */
static const struct err *pause_once(struct abuse *a, struct spans *spans, unsigned ms)
{
	struct rtvmm_snapshot begin, end;
	const struct err *e = client_snapshot(&a->client, RTVMM_OP_SNAPSHOT_BEGIN, 0, &begin);

	if (e && e->errnum == RTVMM_EBUSY) {
		usleep(20000);
		return NULL;
	}
	TRY(e);
	usleep(ms * 1000);
	e = client_snapshot(&a->client, RTVMM_OP_SNAPSHOT_END, 0, &end);
	if (e && e->errnum != RTVMM_ETIME)
		return e;
	spans->at[spans->count].from_ns = begin.started_ns;
	spans->at[spans->count++].to_ns =
		begin.started_ns + (e ? begin.deadline_ms * 1000000ull : end.paused_ns);
	return NULL;
}

const struct err *abuse_budget(struct abuse *a)
{
	static struct spans spans;
	static const unsigned lengths_ms[] = {0, 5, 30, 100, 400};
	time_t end = time(NULL) + (time_t)abuse_number(a, 25);
	uint64_t most_ns;

	while (time(NULL) < end && spans.count < PAUSES_MAX)
		TRY(pause_once(a, &spans, lengths_ms[spans.count % 5]));
	most_ns = fullest_window_ns(&spans);
	printf("info: %u pauses, at most %llu us in 10 s\n", spans.count,
	       (unsigned long long)most_ns / 1000);
	if (spans.count < 3)
		return FAILED("only %u pauses", spans.count);
	return most_ns > WINDOW_NS / SHARE + LATE_NS ? FAILED("more than a tenth") : NULL;
}
