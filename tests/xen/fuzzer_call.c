// SPDX-License-Identifier: GPL-2.0-or-later
/* What a call says: drawn sound at first, then spoilt in some places. */
#include <string.h>

#include "tests/xen/fuzzer.h"

#define DOMID_SELF_NUMBER 0x7ff0 /* public/xen.h has these as DOMID_* */
#define DOMID_IO_NUMBER   0x7ff1
#define DOMID_XEN_NUMBER  0x7ff2
#define ENOUGH            (64u << 10) /* room for what most calls give */

static uint16_t draw_domid(struct fuzzer *f)
{
	struct dice *d = &f->dice;
	const uint16_t special[] = {0,
				    DOMID_SELF_NUMBER,
				    DOMID_IO_NUMBER,
				    DOMID_XEN_NUMBER,
				    DOMID_XEN_NUMBER + 1,
				    0x7fff,
				    0xffff};

	switch (dice_below(d, 4)) {
	case 0:
		return DICE_PICK(d, special);
	case 1:
		return (uint16_t)dice_roll(d);
	case 2:
		return (uint16_t)dice_below(d, f->last_domid + 3u);
	default:
		return f->clients[dice_below(d, FUZZER_CLIENTS_MAX)].domid;
	}
}

static uint64_t draw_number(struct dice *d)
{
	const uint64_t numbers[] = {0,    1,          2,          7,          16,         55,
				    56,   57,         128,        255,        256,        257,
				    4096, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, ~0ull};

	if (dice_percent(d, 50))
		return DICE_PICK(d, numbers);
	return dice_roll(d) >> dice_below(d, 64);
}

static uint64_t draw_frame(struct fuzzer *f, const struct fuzzer_guest *g)
{
	struct dice *d = &f->dice;

	switch (dice_below(d, 8)) {
	case 0:
		return dice_below(d, 1024);
	case 1: /* for a PV guest any machine frame: dom0's, Xen's, another guest's */
		return g ? dice_below(d, g->max_frame + 1) : dice_roll(d);
	case 2:
		return g ? g->max_frame + 2 - dice_below(d, 4) : 0;
	case 3:
		return draw_number(d);
	default:
		return g && g->frame_count ? g->frames[dice_below(d, g->frame_count)]
					   : dice_below(d, 1 << 20);
	}
}

static uint32_t draw_count(struct dice *d)
{
	unsigned percent = (unsigned)dice_below(d, 100);

	if (percent < 85)
		return 1 + (uint32_t)dice_below(d, 4);
	if (percent < 97)
		return 1 + (uint32_t)dice_below(d, 40);
	return 1 + (uint32_t)dice_below(d, RTVMM_READ_FRAMES_MAX);
}

static enum rtvmm_op draw_op(struct dice *d)
{
	unsigned percent = (unsigned)dice_below(d, 100);

	return percent < 72   ? RTVMM_OP_READ
	       : percent < 80 ? RTVMM_OP_INFO
	       : percent < 86 ? RTVMM_OP_VCPU
	       : percent < 89 ? RTVMM_OP_OPEN
	       : percent < 90 ? RTVMM_OP_CLOSE
	       : percent < 94 ? RTVMM_OP_SNAPSHOT_BEGIN
	       : percent < 98 ? RTVMM_OP_SNAPSHOT_END
			      : (enum rtvmm_op)draw_number(d);
}

/* A sound request; @ret_trailing_bytes follow it in the frames' place */
static void draw_request(struct fuzzer *f, struct fuzzer_call *c, uint32_t *ret_trailing_bytes)
{
	enum rtvmm_op op = draw_op(&f->dice);
	const struct fuzzer_guest *g = fuzzer_guest(f, c->client->domid);

	c->request = vmm_peer_request(&c->client->peer, op);
	*ret_trailing_bytes = 0;
	if (op == RTVMM_OP_OPEN) {
		struct vmm_peer stranger;

		IGNORE(vmm_peer_begin(&stranger)); /* then it is a request with any bytes */
		memcpy(c->request.challenge, stranger.request.challenge, RTVMM_CHALLENGE_BYTES);
		memcpy(c->frames, &stranger.request, sizeof(stranger.request));
		*ret_trailing_bytes = sizeof(stranger.request);
	} else if (op == RTVMM_OP_READ) {
		c->request.count = draw_count(&f->dice);
		for (uint32_t i = 0; i < c->request.count; i++)
			c->frames[i] = draw_frame(f, g);
		*ret_trailing_bytes = c->request.count * (uint32_t)sizeof(c->frames[0]);
	} else if (op == RTVMM_OP_SNAPSHOT_BEGIN) {
		c->request.deadline_ms = (uint32_t)dice_below(&f->dice, 40);
	}
}

/* Changes that the hypervisor should refuse, or that make it another sound call */
static void spoil_request(struct fuzzer *f, struct fuzzer_call *c)
{
	struct dice *d = &f->dice;

	switch (dice_below(d, 6)) {
	case 0:
		c->request.version = (uint32_t)draw_number(d);
		break;
	case 1:
		c->request.op = (uint32_t)dice_below(d, 10);
		break;
	case 2: /* another client's, or nobody's */
		c->request.session =
			dice_percent(d, 50)
				? f->clients[dice_below(d, FUZZER_CLIENTS_MAX)].peer.reply.session
				: draw_number(d);
		break;
	case 3:
		c->request.count = (uint32_t)draw_number(d);
		break;
	case 4:
		c->request.deadline_ms = (uint32_t)draw_number(d);
		break;
	default: /* an open request that contradicts itself, or a frame */
		c->frames[dice_below(d, 9)] = dice_roll(d);
	}
}

static void spoil_numbers(struct fuzzer *f, struct fuzzer_call *c)
{
	struct dice *d = &f->dice;

	switch (dice_below(d, 8)) {
	case 0:
		c->op.interface_version = (uint32_t)draw_number(d);
		break;
	case 1:
		c->op.pad = (uint16_t)draw_number(d);
		break;
	case 2:
		c->op.in_bytes = (uint32_t)draw_number(d);
		break;
	case 3:
		c->op.out_bytes = dice_percent(d, 50) ? (uint32_t)dice_below(d, 3 * CLIENT_STRIDE)
						      : (uint32_t)draw_number(d);
		break;
	case 4:
		c->op.done =
			dice_percent(d, 70) ? (uint32_t)dice_below(d, 4) : (uint32_t)draw_number(d);
		break;
	case 5:
		c->op.written = dice_percent(d, 70) ? (uint32_t)dice_below(d, CLIENT_STRIDE)
						    : (uint32_t)draw_number(d);
		break;
	case 6:
		c->op.domid = draw_domid(f);
		break;
	default:
		c->command = (unsigned)draw_number(d);
	}
}

static void place(struct fuzzer *f, struct fuzzer_call *c, uint32_t in_bytes, bool spoil_places)
{
	struct dice *d = &f->dice;
	uint8_t in[HYPERCALL_IN_MAX];
	uint64_t in_at = (uint64_t)(uintptr_t)f->in.start,
		 out_at = (uint64_t)(uintptr_t)f->out.start;

	memcpy(in, &c->request, sizeof(c->request));
	memcpy(in + sizeof(c->request), c->frames, sizeof(c->frames));
	memcpy(f->in.start, in, in_bytes);
	if (spoil_places && dice_percent(d, 40))
		in_at = arena_place(&f->in, d, in, in_bytes);
	if (spoil_places && dice_percent(d, 50))
		out_at = arena_room(&f->out, d, CLIENT_STRIDE);
	if (spoil_places && dice_percent(d, 5))
		out_at = arena_room(&f->in, d, CLIENT_STRIDE); /* over what is still to be read */
	set_xen_guest_handle(c->op.in, (uint8_t *)(uintptr_t)in_at);
	set_xen_guest_handle(c->op.out, (uint8_t *)(uintptr_t)out_at);
	c->argument = (uint64_t)(uintptr_t)f->op.start;
	memcpy(f->op.start, &c->op, sizeof(c->op));
	if (spoil_places && dice_percent(d, 25))
		c->argument = arena_place(&f->op, d, &c->op, sizeof(c->op));
	c->sound_places = !spoil_places;
}

void fuzzer_draw(struct fuzzer *f, struct fuzzer_call *c)
{
	struct dice *d = &f->dice;
	unsigned spoilt = dice_percent(d, 50) ? 1 + (unsigned)dice_below(d, 2) : 0;
	bool spoil_places = false;
	uint32_t trailing_bytes;

	*c = (struct fuzzer_call){.command = XEN_REMOTETRANS_request};
	c->client = &f->clients[dice_below(d, FUZZER_CLIENTS_MAX)];
	draw_request(f, c, &trailing_bytes);
	c->op.interface_version = XEN_REMOTETRANS_INTERFACE_VERSION;
	c->op.domid = c->client->domid;
	c->op.in_bytes = (uint32_t)sizeof(c->request) + trailing_bytes;
	c->op.out_bytes = ARENA_BYTES;
	for (uint32_t in_bytes = c->op.in_bytes;; spoilt--) {
		if (!spoilt) {
			place(f, c, in_bytes, spoil_places);
			return;
		}
		switch (dice_below(d, 3)) {
		case 0:
			spoil_request(f, c);
			break;
		case 1:
			spoil_numbers(f, c);
			break;
		default:
			spoil_places = true;
		}
	}
}

/* Places that are safe to mix with each other: a copy that is not atomic takes bytes of two. */
static uint64_t other_place(const struct arena *a, struct dice *d)
{
	const uint64_t start = (uint64_t)(uintptr_t)a->start;
	const uint64_t places[] = {start,
				   start,
				   start + 1,
				   start + ARENA_BYTES - 100,
				   start + ARENA_BYTES + 8192,
				   0,
				   0xffff830000000000};

	return DICE_PICK(d, places);
}

static void rewrite_op(struct fuzzer *f, struct dice *d)
{
	volatile struct xen_remotetrans *op = (void *)f->op.start;

	switch (dice_below(d, 7)) {
	case 0:
		op->domid = (uint16_t)dice_below(d, f->last_domid + 2u);
		break;
	case 1:
		op->in_bytes = (uint32_t)(sizeof(struct rtvmm_request) + 8 * dice_below(d, 6));
		break;
	case 2:
		op->out_bytes = (uint32_t)dice_below(d, ENOUGH);
		break;
	case 3:
		op->done = (uint32_t)dice_below(d, 5);
		break;
	case 4:
		op->written = (uint32_t)dice_below(d, ENOUGH);
		break;
	case 5:
		op->in.p = (void *)(uintptr_t)other_place(&f->in, d);
		break;
	default:
		op->out.p = (void *)(uintptr_t)other_place(&f->out, d);
	}
}

void fuzzer_rewrite(void *argument, struct dice *d)
{
	struct fuzzer *f = argument;
	volatile uint64_t *in = (void *)f->in.start, *out = (void *)f->out.start;
	uint64_t at;

	switch (dice_below(d, 4)) {
	case 0:
		rewrite_op(f, d);
		break;
	case 1: /* operation, session, challenge, count */
		at = dice_below(d, sizeof(struct rtvmm_request) / 8);
		in[at] = at ? dice_below(d, 9) | dice_below(d, 5) << 32
			    : RTVMM_VERSION | dice_below(d, 9) << 32;
		break;
	case 2:
		in[sizeof(struct rtvmm_request) / 8 + dice_below(d, 40)] = dice_below(d, 1 << 20);
		break;
	default:
		out[dice_below(d, 4 * CLIENT_STRIDE / 8)] = dice_roll(d);
	}
}
