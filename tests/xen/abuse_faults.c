// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that end in the middle of a batch: the counters of what they had made are spent. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/xen/abuse.h"
#include "tests/xen/abuse_records.h"

#define FRAMES RTVMM_READ_FRAMES_MAX
#define MIDDLE 100 /* frames before the fault in the list of frames, or that are said to be done   \
		    */
#define PAGE_BYTES 4096u
#define OUT_BYTES  ((HYPERCALL_OUT_MAX + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES)

static struct records records;

/* memory that can be touched, but for one page */
static uint8_t *with_hole(size_t len_bytes, size_t hole_at)
{
	uint8_t *at = mmap(NULL, len_bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (at == MAP_FAILED || mlock(at, len_bytes))
		return NULL;
	memset(at, 0, len_bytes);
	return mprotect(at + hole_at, PAGE_BYTES, PROT_NONE) ? NULL : at;
}

/* The call that is ready ends with @wanted; its records, between @from and @to, have new counters.
 */
static const struct err *makes(struct abuse *a, const char *what, int wanted, const uint8_t *from,
			       const uint8_t *to)
{
	uint64_t before = records.highest;
	uint32_t new_records, false_records;
	int status = hypercall_make(&a->call);

	if (status != wanted)
		return FAILED("%s: %d, not %d", what, status, wanted);
	TRY(records_search(&records, &a->client, a->frames, from, (size_t)(to - from), &new_records,
			   &false_records));
	printf("info: %s: %d, %u records, counters up to %llu\n", what, status, new_records,
	       (unsigned long long)records.highest);
	if (!new_records)
		return FAILED("%s: no record was made", what);
	return records.highest >= before + new_records ? NULL
						       : FAILED("%s: earlier counters", what);
}

/* The client's retry: all of it, with counters above all that lay anywhere. */
static const struct err *retries(struct abuse *a)
{
	const uint8_t *pages[FRAMES];
	uint64_t before = records.highest;
	struct rtvmm_header first;
	uint32_t new_records, false_records;

	memset(a->call.out, 0, HYPERCALL_OUT_MAX);
	TRY(client_read(&a->client, a->frames, FRAMES, pages));
	memcpy(&first, a->call.out, sizeof(first));
	if (first.counter <= before)
		return FAILED("the retry begins with counter %llu",
			      (unsigned long long)first.counter);
	TRY(records_search(&records, &a->client, a->frames, a->call.out, HYPERCALL_OUT_MAX,
			   &new_records, &false_records));
	return new_records == FRAMES ? NULL : FAILED("the retry has %u records", new_records);
}

static void ready(struct abuse *a)
{
	memset(a->call.out, 0, HYPERCALL_OUT_MAX);
	client_ask_frames(&a->client, a->frames, FRAMES);
}

static const struct err *fault_in_output(struct abuse *a)
{
	size_t hole_at = OUT_BYTES / 2 / PAGE_BYTES * PAGE_BYTES;
	uint8_t *out = with_hole(OUT_BYTES, hole_at);

	if (!out)
		return ERR_ERRNO(ERR_SYSTEM, errno, "memory");
	ready(a);
	set_xen_guest_handle(a->call.op->out, out);
	TRY(makes(a, "output with a hole", -EFAULT, out, out + hole_at));
	return retries(a);
}

static const struct err *fault_in_frames(struct abuse *a)
{
	const size_t head_bytes = sizeof(struct rtvmm_request) + MIDDLE * sizeof(uint64_t);
	uint8_t *memory = with_hole(2 * PAGE_BYTES, PAGE_BYTES);

	if (!memory)
		return ERR_ERRNO(ERR_SYSTEM, errno, "memory");
	ready(a);
	memcpy(memory + PAGE_BYTES - head_bytes, a->call.in, head_bytes);
	set_xen_guest_handle(a->call.op->in, memory + PAGE_BYTES - head_bytes);
	TRY(makes(a, "frames with a hole", -EFAULT, a->call.out, a->call.out + HYPERCALL_OUT_MAX));
	return retries(a);
}

static const struct err *too_little_room(struct abuse *a)
{
	ready(a);
	a->call.op->out_bytes = MIDDLE * CLIENT_STRIDE + 50;
	TRY(makes(a, "too little room", -ENOBUFS, a->call.out, a->call.out + HYPERCALL_OUT_MAX));
	return retries(a);
}

/* As if it had been preempted after the first ones; and the same again, as a hostile caller would.
 */
static const struct err *restarted(struct abuse *a)
{
	ready(a);
	for (int again = 0; again < 2; again++) {
		a->call.op->done = MIDDLE;
		a->call.op->written = MIDDLE * CLIENT_STRIDE;
		memset(a->call.out, 0, HYPERCALL_OUT_MAX);
		TRY(makes(a, again ? "restarted again" : "restarted", 0,
			  a->call.out + MIDDLE * CLIENT_STRIDE, a->call.out + HYPERCALL_OUT_MAX));
		if (hypercall_records(&a->call) != FRAMES || a->call.out[0])
			return FAILED("restarted: %u done", hypercall_records(&a->call));
	}
	return retries(a);
}

/* Numbers that contradict each other make no record. */
static const struct err *refused(struct abuse *a)
{
	const struct {
		uint32_t done, written, out_bytes;
	} numbers[] = {{FRAMES, 0, HYPERCALL_OUT_MAX},
		       {~0u, 0, HYPERCALL_OUT_MAX},
		       {0, 100, 99},
		       {1, ~0u, HYPERCALL_OUT_MAX}};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		int status;

		ready(a);
		a->call.op->done = numbers[i].done;
		a->call.op->written = numbers[i].written;
		a->call.op->out_bytes = numbers[i].out_bytes;
		status = hypercall_make(&a->call);
		if (status != -EINVAL)
			return FAILED("done %u, written %u: %d", numbers[i].done,
				      numbers[i].written, status);
	}
	return retries(a);
}

const struct err *abuse_fault(struct abuse *a)
{
	TRY(abuse_find_frames(a));
	if (a->frame_count < FRAMES)
		return FAILED("only %u frames of RAM found", a->frame_count);
	TRY(fault_in_output(a));
	TRY(fault_in_frames(a));
	TRY(too_little_room(a));
	TRY(restarted(a));
	return refused(a);
}
