/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lies by what the VMM is asked: every record that leaves here has a good tag. */
#include <string.h>

#include "tests/adversary/hostile.h"

#define OMIT_EVERY  3
#define FLOOD_TIMES 2500 /* of 8 frames: more than one READ may ask for */

static bool is_read(const struct backend_request *request)
{
	return request->op == RTVMM_OP_READ;
}

/* Ask twice; the second answer waits for the next question about the same frames, whose challenge
 * it cannot know. Its counters are above all that the client has seen. */
const struct err *ask_early(struct hostile *h, const struct backend_request *request,
			    struct records *ret)
{
	if (!is_read(request))
		return ask_really(h, request, ret);
	struct records kept = h->kept;
	uint8_t *at;

	h->kept = (struct records){0};
	TRY(ask_really(h, request, kept.count ? &h->kept : ret));
	if (kept.count) {
		TRY(records_reserve(ret, kept.used_bytes, &at));
		memcpy(at, kept.bytes, kept.used_bytes);
		for (size_t i = 0; i < kept.count; i++)
			TRY(records_added(ret, kept.ends[i] - (i ? kept.ends[i - 1] : 0)));
		hostile_lied();
	}
	records_deinit(&kept);
	records_clear(&h->kept);
	return ask_really(h, request, &h->kept);
}

/* The first page comes from another VM, tagged by its VMM for the same hello and challenge. */
const struct err *ask_other_vm_page(struct hostile *h, const struct backend_request *request,
				    struct records *ret)
{
	struct backend_request first = *request, rest = *request;

	if (!is_read(request) || request->count < 2)
		return ask_really(h, request, ret);
	first.count = 1;
	rest.count--;
	rest.frames++;
	TRY(h->other->ops->ask(h->other, &first, ret));
	hostile_lied();
	return ask_really(h, &rest, ret);
}

const struct err *ask_other_domain_page(struct hostile *h, const struct backend_request *request,
					struct records *ret)
{
	return ask_other_vm_page(h, request, ret);
}

/* A pause that is over before anything is read: the end is kept until it is asked for. */
const struct err *ask_no_pause(struct hostile *h, const struct backend_request *request,
			       struct records *ret)
{
	struct backend_request end = {.op = RTVMM_OP_SNAPSHOT_END, .challenge = request->challenge};
	uint8_t *at;

	if (request->op == RTVMM_OP_SNAPSHOT_BEGIN) {
		TRY(ask_really(h, request, ret));
		records_clear(&h->kept);
		return ask_really(h, &end, &h->kept);
	}
	if (request->op != RTVMM_OP_SNAPSHOT_END)
		return ask_really(h, request, ret);
	hostile_lied();
	TRY(records_reserve(ret, h->kept.used_bytes, &at));
	memcpy(at, h->kept.bytes, h->kept.used_bytes);
	return records_added(ret, h->kept.used_bytes);
}

/* Let the VM run for a moment, between the halves of one question for frames. */
const struct err *ask_mix_pauses(struct hostile *h, const struct backend_request *request,
				 struct records *ret)
{
	struct backend_request end = {.op = RTVMM_OP_SNAPSHOT_END, .challenge = request->challenge};
	struct backend_request begin = {.op = RTVMM_OP_SNAPSHOT_BEGIN,
					.challenge = request->challenge};
	struct backend_request first = *request, rest = *request;

	if (!is_read(request) || request->count < 2)
		return ask_really(h, request, ret);
	first.count /= 2;
	rest.count -= first.count;
	rest.frames += first.count;
	TRY(ask_really(h, &first, ret));
	records_clear(&h->kept);
	TRY(ask_really(h, &end, &h->kept));
	TRY(ask_really(h, &begin, &h->kept));
	hostile_lied();
	return ask_really(h, &rest, ret);
}

/* A third of the frames of a snapshot is not asked for. */
const struct err *ask_omit(struct hostile *h, const struct backend_request *request,
			   struct records *ret)
{
	static bool in_snapshot;
	uint64_t frames[RTVMM_READ_FRAMES_MAX];
	struct backend_request some = *request;

	if (request->op == RTVMM_OP_SNAPSHOT_BEGIN || request->op == RTVMM_OP_SNAPSHOT_END)
		in_snapshot = request->op == RTVMM_OP_SNAPSHOT_BEGIN;
	if (!is_read(request) || !in_snapshot)
		return ask_really(h, request, ret);
	some.frames = frames;
	some.count = 0;
	for (uint32_t i = 0; i < request->count; i++)
		if (i % OMIT_EVERY)
			frames[some.count++] = request->frames[i];
	hostile_lied();
	return some.count ? ask_really(h, &some, ret) : NULL;
}

/* Good pages for this very challenge, but many more than were asked for. */
const struct err *ask_flood(struct hostile *h, const struct backend_request *request,
			    struct records *ret)
{
	if (!is_read(request))
		return ask_really(h, request, ret);
	for (unsigned i = 0; i < FLOOD_TIMES; i++)
		TRY(ask_really(h, request, ret));
	hostile_lied();
	return NULL;
}
