// SPDX-License-Identifier: GPL-2.0-or-later
/* The caller rewrites the output, and the request's own structure, while the hypervisor uses them.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/xen/abuse.h"
#include "tests/xen/abuse_records.h"
#include "tests/xen/rewriter.h"

#define FRAMES       32
#define SECOND_START (512u << 10) /* of the two places that output goes to */
#define PART_BYTES   (256u << 10) /* the most that goes to each */
#define PATTERN      "rewritten by the caller, meanwhile"

static uint8_t earlier[CLIENT_STRIDE]; /* a record that is sound, but old */
static struct records records;

static void rewrite_op(struct hypercall *h, struct dice *d)
{
	volatile struct xen_remotetrans *op = h->op;

	switch (dice_below(d, 4)) {
	case 0:
		op->out_bytes = (uint32_t)dice_below(d, PART_BYTES);
		break;
	case 1:
		op->out.p = h->out + (dice_percent(d, 50) ? SECOND_START : 0);
		break;
	case 2:
		op->written = 16 * (uint32_t)dice_below(d, PART_BYTES / 32);
		break;
	default:
		op->done = (uint32_t)dice_below(d, FRAMES);
	}
}

static void rewrite(void *argument, struct dice *d)
{
	struct abuse *a = argument;
	uint8_t *record = a->call.out + dice_below(d, FRAMES) * CLIENT_STRIDE;

	switch (dice_below(d, 4)) {
	case 0:
		rewrite_op(&a->call, d);
		break;
	case 1:
		memcpy(record, earlier,
		       dice_percent(d, 50) ? sizeof(earlier) : sizeof(struct rtvmm_record));
		break;
	case 2:
		memcpy(record + sizeof(struct rtvmm_record) + dice_below(d, 4000), PATTERN,
		       sizeof(PATTERN));
		break;
	default: /* another frame's number, challenge or counter */
		record[dice_below(d, sizeof(struct rtvmm_record))] ^=
			(uint8_t)(1u << dice_below(d, 8));
	}
}

/* Whether a page that verifies says what the caller wrote: then it was tagged in his memory. */
static const struct err *search_pattern(const struct abuse *a)
{
	for (uint32_t i = 0; i < FRAMES; i++) {
		const uint8_t *record = a->call.out + i * CLIENT_STRIDE;
		struct rtvmm_header h;

		if (memmem(record, CLIENT_STRIDE, PATTERN, sizeof(PATTERN)) &&
		    records_judge(&records, &a->client, record, CLIENT_STRIDE, &h) != RECORD_FALSE)
			return FAILED("what the caller wrote was tagged");
	}
	return NULL;
}

static const struct err *rounds(struct abuse *a, struct rewriter *w, uint64_t count)
{
	uint32_t new_records, false_records, refused = 0;
	uint64_t verified = 0, spoilt = 0, changes = 0;

	for (uint64_t i = 0; i < count; i++) {
		const uint64_t *frames = a->frames + i * FRAMES % (a->frame_count - FRAMES);
		unsigned long before;

		client_ask_frames(&a->client, frames, FRAMES);
		before = w->changes;
		rewriter_release(w);
		refused += hypercall_make(&a->call) != 0;
		changes += w->changes - before;
		rewriter_hold(w);
		TRY(records_search(&records, &a->client, frames, a->call.out,
				   SECOND_START + PART_BYTES, &new_records, &false_records));
		TRY(search_pattern(a));
		verified += new_records;
		spoilt += false_records;
	}
	printf("info: %llu calls, %u refused, %llu records as asked, %llu that do not verify, %llu "
	       "changes meanwhile, %ld CPUs\n",
	       (unsigned long long)count, refused, (unsigned long long)verified,
	       (unsigned long long)spoilt, (unsigned long long)changes,
	       sysconf(_SC_NPROCESSORS_ONLN));
	return verified && spoilt && changes ? NULL : FAILED("nothing was rewritten in time");
}

const struct err *abuse_rewrite(struct abuse *a)
{
	static struct rewriter w;
	struct rtvmm_header h;
	const uint8_t *page;
	const struct err *e;

	TRY(abuse_find_frames(a));
	TRY(client_read(&a->client, a->frames, 1, &page));
	memcpy(earlier, a->call.out, sizeof(earlier));
	if (records_judge(&records, &a->client, earlier, sizeof(earlier), &h) != RECORD_NEW)
		return FAILED("the first record does not verify");
	memset(a->call.out, 0, HYPERCALL_OUT_MAX);
	TRY(rewriter_start(&w, 1, rewrite, a));
	e = rounds(a, &w, abuse_number(a, 200));
	rewriter_stop(&w);
	return e;
}
