/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow - one direction of an emulated link: what is put in comes out later. No input or output of
 * its own.
 *
 * The link serialises bytes at its rate, then delays them. Bytes that were not yet acknowledged
 * (half a round trip after they came out) are bounded by a window that begins as TCP's does and
 * grows by what is acknowledged: a link that is ended by a relay on one machine would otherwise
 * know no slow start. Nothing is ever lost. Times: ns, CLOCK_MONOTONIC.
 */
#ifndef BENCH_FLOW_H
#define BENCH_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLOW_CHUNK_BYTES   4096
#define FLOW_CHUNKS        1024 /* 4 MiB: more than 50 ms of 100 Mb/s, or 10 ms of 1 Gb/s */
#define FLOW_SEGMENT_BYTES 1448 /* Ethernet's */
#define FLOW_WINDOW_FIRST  (10 * FLOW_SEGMENT_BYTES) /* RFC 6928 */
#define FLOW_IDLE_NS       200000000L /* Linux' least RTO: then the window begins anew (RFC 2861) */
#define FLOW_QUEUE_NS      1000000u /* of bytes waits at the line, as with TCP small queues */
#define FLOW_NEVER         UINT64_MAX

struct flow_chunk {
	uint64_t due_ns;
	size_t len_bytes, done_bytes; /* done: taken out already */
	uint8_t data[FLOW_CHUNK_BYTES];
};

struct flow {
	uint64_t delay_ns;     /* one way */
	double ns_per_byte;    /* 0: no limit */
	uint64_t free_at_ns;   /* the line is busy until then */
	uint64_t idle_from_ns; /* all is acknowledged by then */
	size_t window_bytes, in_flight_bytes;
	unsigned acked, out, in; /* acked <= out <= in: running numbers of chunks */
	struct flow_chunk *chunks;
};

/**
 * flow_init() - an empty link
 * @open_ns: nothing enters the line before (a connection that is still being made)
 *
 * Return: false without memory. To be freed by flow_deinit().
 */
bool flow_init(struct flow *f, uint64_t delay_ns, double ns_per_byte, uint64_t open_ns);
void flow_deinit(struct flow *f);

/* Where the next bytes go, *ret_bytes of them at most; NULL: nothing can be taken at @now_ns. */
uint8_t *flow_room(struct flow *f, uint64_t now_ns, size_t *ret_bytes);

/* @len_bytes (1 to flow_room()'s) were put there at @now_ns. */
void flow_put(struct flow *f, uint64_t now_ns, size_t len_bytes);

/* Bytes that are out by @now_ns, *ret_bytes of them; NULL: none. */
const uint8_t *flow_due(const struct flow *f, uint64_t now_ns, size_t *ret_bytes);

/* @len_bytes of what flow_due() gave were taken. */
void flow_take(struct flow *f, size_t len_bytes);

/* When bytes are out next (in the past: they are), or more room comes after @now_ns; FLOW_NEVER. */
uint64_t flow_next_ns(struct flow *f, uint64_t now_ns);

/* All that was put in has been taken. */
bool flow_is_empty(const struct flow *f);

#endif
