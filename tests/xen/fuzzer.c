// SPDX-License-Identifier: GPL-2.0-or-later
/* Hypercalls of one process, and what must hold of their answers. */
#include "tests/xen/fuzzer.h"

#include <errno.h>
#include <string.h>

#define CALLS_AT_ONCE 64 /* with the rewriter, or without */
#define SCAN_CALLS    32 /* of 256 frames, over all frames of a new guest */

static void violation(struct fuzzer *f, const struct fuzzer_call *c, const char *what)
{
	f->tally->violations++;
	printf("VIOLATION: domain %u, operation %u, count %u, done %u, written %u, call %llu: %s\n",
	       c->op.domid, c->request.op, c->request.count, c->op.done, c->op.written,
	       (unsigned long long)f->tally->calls, what);
	fflush(stdout);
}

struct fuzzer_guest *fuzzer_guest(struct fuzzer *f, uint16_t domid)
{
	for (uint32_t i = 0; i < f->guest_count; i++)
		if (f->guests[i].domid == domid)
			return &f->guests[i];
	return NULL;
}

/* A page of @domid that says whose it is; the first one names the guest. */
static void check_mark(struct fuzzer *f, const struct fuzzer_call *c, const uint8_t *page)
{
	struct fuzzer_guest *g = fuzzer_guest(f, c->op.domid);
	char name[MARKER_NAME_MAX + 1], what[128];

	if (!marker_read(page, name) || !g)
		return;
	f->tally->marked++;
	if (!g->name[0])
		strcpy(g->name, name);
	if (strcmp(g->name, name)) {
		snprintf(what, sizeof(what), "a page of '%s' for one of '%s'", name, g->name);
		violation(f, c, what);
	}
}

static enum rtvmm_record_type record_type(uint32_t op)
{
	return op == RTVMM_OP_READ   ? RTVMM_RECORD_PAGE
	       : op == RTVMM_OP_VCPU ? RTVMM_RECORD_VCPU
	       : op == RTVMM_OP_INFO ? RTVMM_RECORD_INFO
				     : RTVMM_RECORD_SNAPSHOT;
}

static uint64_t record_subject(const struct fuzzer_call *c, uint32_t i)
{
	return c->request.op == RTVMM_OP_READ   ? c->frames[i]
	       : c->request.op == RTVMM_OP_VCPU ? c->request.count
						: 0;
}

/* A call that succeeded, all of it where an honest caller has it: each record must be as asked. */
static void check_answer(struct fuzzer *f, const struct fuzzer_call *c)
{
	const struct xen_remotetrans *after = (const void *)f->op.start;
	size_t at = c->op.written;

	if (c->request.op == RTVMM_OP_OPEN || c->request.op == RTVMM_OP_CLOSE)
		return;
	if (c->request.session != c->client->peer.reply.session ||
	    c->op.domid != c->client->domid) {
		for (int i = 0; i < FUZZER_CLIENTS_MAX; i++)
			if (f->open[i] && f->clients[i].peer.reply.session == c->request.session &&
			    f->clients[i].domid != c->op.domid)
				violation(f, c, "an answer in a session with another domain");
		return;
	}
	c->client->request = c->request;
	for (uint32_t i = c->op.done; i < after->done; i++) {
		const uint8_t *page;
		const struct err *e =
			client_verify(c->client, record_type(c->request.op), record_subject(c, i),
				      f->out.start, after->written, &at, &page);

		if (e) {
			violation(f, c, e->message);
			return;
		}
		f->tally->records++;
		if (page && c->request.op == RTVMM_OP_READ)
			check_mark(f, c, page);
	}
	if (at != after->written)
		violation(f, c, "bytes left over");
	if (c->request.op == RTVMM_OP_READ && after->done != c->request.count)
		violation(f, c, "another number of records");
}

static struct fuzzer_guest *guest_new(struct fuzzer *f, uint16_t domid)
{
	struct fuzzer_guest *g = fuzzer_guest(f, domid);

	if (!g)
		g = &f->guests[f->guest_count < FUZZER_GUESTS_MAX
				       ? f->guest_count++
				       : dice_below(&f->dice, FUZZER_GUESTS_MAX)];
	*g = (struct fuzzer_guest){.domid = domid};
	if (domid > f->last_domid)
		f->last_domid = domid;
	return g;
}

/* Its size, and some frames that are RAM; it may die meanwhile. */
static const struct err *guest_look(struct fuzzer *f, struct fuzzer_guest *g, struct client *c)
{
	struct rtvmm_info info;
	uint64_t step;

	TRY(client_info(c, &info));
	f->tally->records++;
	g->max_frame = info.max_frame;
	step = info.max_frame / (SCAN_CALLS * RTVMM_READ_FRAMES_MAX) + 1;
	return client_find_frames(c, dice_below(&f->dice, step), step, g->frames, FUZZER_FRAMES_MAX,
				  &g->frame_count);
}

static void client_renew(struct fuzzer *f, uint32_t i, uint16_t domid)
{
	struct client *c = &f->clients[i];
	struct fuzzer_call call = {.op.domid = domid, .request.op = RTVMM_OP_OPEN};
	struct fuzzer_guest *g = fuzzer_guest(f, domid);
	const struct err *e = client_open(c, &f->hypercall, domid);

	f->open[i] = !e;
	tally_result(f->tally, e && e->kind == ERR_PEER ? -e->errnum : 0);
	if (e && e->kind != ERR_PEER)
		violation(f, &call, e->message);
	if (e)
		return;
	f->tally->sessions++;
	if (g)
		return;
	g = guest_new(f, domid);
	e = guest_look(f, g, c);
	if (e && e->kind != ERR_PEER)
		violation(f, &call, e->message);
}

/* a session's domain: one that we know, or the next that was created */
static uint16_t domid_to_open(struct fuzzer *f)
{
	if (!f->guest_count || dice_percent(&f->dice, 10))
		return (uint16_t)(1 + dice_below(&f->dice, f->last_domid + 3u));
	return f->guests[dice_below(&f->dice, f->guest_count)].domid;
}

static int call_once(struct fuzzer *f, struct fuzzer_call *c)
{
	int status;

	fuzzer_draw(f, c);
	status = hypercall_raw(&f->hypercall, c->command, (void *)(uintptr_t)c->argument);
	tally_result(f->tally, status);
	return status;
}

static void calls_sound(struct fuzzer *f)
{
	struct fuzzer_call c;

	for (int i = 0; i < CALLS_AT_ONCE; i++) {
		int status = call_once(f, &c);
		uint32_t number = (uint32_t)(c.client - f->clients);

		if (!status && c.sound_places && c.command == XEN_REMOTETRANS_request)
			check_answer(f, &c);
		/* closed, pushed out, or its domain is gone */
		if (status == -RTVMM_ENOSESSION || status == -ESRCH || !f->open[number] ||
		    dice_percent(&f->dice, 1))
			client_renew(f, number, domid_to_open(f));
	}
}

static void calls_rewritten(struct fuzzer *f)
{
	struct fuzzer_call c;

	rewriter_release(&f->rewriter);
	for (int i = 0; i < CALLS_AT_ONCE; i++)
		call_once(f, &c);
	rewriter_hold(&f->rewriter);
	f->tally->rewritten += CALLS_AT_ONCE;
}

const struct err *fuzzer_init(struct fuzzer *f, uint64_t seed, struct tally *tally,
			      const uint16_t *domids, const char *const *names, uint32_t count)
{
	*f = (struct fuzzer){.tally = tally};
	dice_seed(&f->dice, seed);
	TRY(hypercall_open(&f->hypercall));
	TRY(arena_init(&f->op));
	TRY(arena_init(&f->in));
	TRY(arena_init(&f->out));
	for (uint32_t i = 0; i < FUZZER_CLIENTS_MAX; i++) {
		client_renew(f, i, domids[i % count]);
		if (i < count && names[i] && fuzzer_guest(f, domids[i]))
			snprintf(fuzzer_guest(f, domids[i])->name, MARKER_NAME_MAX + 1, "%s",
				 names[i]);
	}
	if (!f->guest_count)
		return ERR(ERR_PEER, "none of the domains can be monitored");
	return rewriter_start(&f->rewriter, seed + 1, fuzzer_rewrite, f);
}

void fuzzer_run(struct fuzzer *f, uint64_t calls)
{
	while (f->tally->calls < calls) {
		calls_sound(f);
		calls_rewritten(f);
	}
}

void fuzzer_deinit(struct fuzzer *f)
{
	rewriter_stop(&f->rewriter);
	arena_deinit(&f->op);
	arena_deinit(&f->in);
	arena_deinit(&f->out);
	hypercall_close(&f->hypercall);
}
