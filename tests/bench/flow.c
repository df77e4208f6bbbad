/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One direction of an emulated link. */
#include "tests/bench/flow.h"

#include <stdlib.h>

static struct flow_chunk *chunk(const struct flow *f, unsigned number)
{
	return &f->chunks[number % FLOW_CHUNKS];
}

static uint64_t later(uint64_t a_ns, uint64_t b_ns)
{
	return a_ns > b_ns ? a_ns : b_ns;
}

static uint64_t earlier(uint64_t a_ns, uint64_t b_ns)
{
	return a_ns < b_ns ? a_ns : b_ns;
}

bool flow_init(struct flow *f, uint64_t delay_ns, double ns_per_byte, uint64_t open_ns)
{
	*f = (struct flow){.delay_ns = delay_ns,
			   .ns_per_byte = ns_per_byte,
			   .free_at_ns = open_ns,
			   .idle_from_ns = open_ns,
			   .window_bytes = FLOW_WINDOW_FIRST,
			   .chunks = calloc(FLOW_CHUNKS, sizeof(*f->chunks))};
	return f->chunks;
}

void flow_deinit(struct flow *f)
{
	free(f->chunks);
	f->chunks = NULL;
}

/* The acknowledgement of a chunk is half a round trip behind it. */
static uint64_t acked_at_ns(const struct flow *f, unsigned number)
{
	return chunk(f, number)->due_ns + f->delay_ns;
}

static void take_acks(struct flow *f, uint64_t now_ns)
{
	while (f->acked < f->out && acked_at_ns(f, f->acked) <= now_ns) {
		size_t len = chunk(f, f->acked++)->len_bytes;

		f->in_flight_bytes -= len;
		f->window_bytes += len;
	}
	if (f->acked == f->in && now_ns > f->idle_from_ns + FLOW_IDLE_NS)
		f->window_bytes = FLOW_WINDOW_FIRST;
}

uint8_t *flow_room(struct flow *f, uint64_t now_ns, size_t *ret_bytes)
{
	take_acks(f, now_ns);
	if (f->in - f->acked == FLOW_CHUNKS || f->free_at_ns > now_ns + FLOW_QUEUE_NS ||
	    f->in_flight_bytes + FLOW_SEGMENT_BYTES > f->window_bytes)
		return NULL;
	size_t room = f->window_bytes - f->in_flight_bytes;

	*ret_bytes = room < FLOW_CHUNK_BYTES ? room : FLOW_CHUNK_BYTES;
	return chunk(f, f->in)->data;
}

void flow_put(struct flow *f, uint64_t now_ns, size_t len_bytes)
{
	struct flow_chunk *c = chunk(f, f->in++);

	f->free_at_ns =
		later(now_ns, f->free_at_ns) + (uint64_t)((double)len_bytes * f->ns_per_byte);
	f->in_flight_bytes += len_bytes;
	c->due_ns = f->free_at_ns + f->delay_ns;
	f->idle_from_ns = c->due_ns + f->delay_ns;
	c->len_bytes = len_bytes;
	c->done_bytes = 0;
}

const uint8_t *flow_due(const struct flow *f, uint64_t now_ns, size_t *ret_bytes)
{
	const struct flow_chunk *c = chunk(f, f->out);

	if (flow_is_empty(f) || c->due_ns > now_ns)
		return NULL;
	*ret_bytes = c->len_bytes - c->done_bytes;
	return c->data + c->done_bytes;
}

void flow_take(struct flow *f, size_t len_bytes)
{
	struct flow_chunk *c = chunk(f, f->out);

	c->done_bytes += len_bytes;
	if (c->done_bytes == c->len_bytes)
		f->out++;
}

uint64_t flow_next_ns(struct flow *f, uint64_t now_ns)
{
	take_acks(f, now_ns);
	uint64_t due = flow_is_empty(f) ? FLOW_NEVER : chunk(f, f->out)->due_ns;
	uint64_t ack = f->acked == f->out ? FLOW_NEVER : acked_at_ns(f, f->acked);
	uint64_t line =
		f->free_at_ns > now_ns + FLOW_QUEUE_NS ? f->free_at_ns - FLOW_QUEUE_NS : FLOW_NEVER;

	return earlier(earlier(due, ack), line);
}

bool flow_is_empty(const struct flow *f)
{
	return f->out == f->in;
}
