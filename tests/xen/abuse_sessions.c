// SPDX-License-Identifier: GPL-2.0-or-later
/* Sessions: of somebody else, too many, and long ones. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/xen/abuse.h"
#include "tests/xen/abuse_records.h"
#include "tests/xen/dice.h"

#define FRAMES       8
#define ROUNDS       50
#define SESSIONS     300
#define TAGS_AT_ONCE 64

/* Who sits in the client's way: he has the session's number; the key is here to verify what he
 * gets. */
struct intruder {
	struct hypercall call;
	struct client client;
	struct abuse *abuse;
	struct records records;
	atomic_bool ended;
	char why[600];
};

/* The records of the last read, in @r; as answers to @other they must not pass. */
static const struct err *collect(struct client *c, struct records *r, const uint64_t *frames,
				 const struct rtvmm_request *other)
{
	uint32_t new_records, false_records;

	for (uint32_t i = 0; other && i < FRAMES; i++) {
		struct vmm_peer peer = c->peer;
		const uint8_t *at = c->call->out + i * CLIENT_STRIDE;
		struct rtvmm_record record;

		peer.last_counter = 0;
		memcpy(&record, at, sizeof(record));
		if (!vmm_peer_verify(&peer, other, (enum rtvmm_record_type)record.header.type,
				     frames[i], &record, at + sizeof(record)))
			return FAILED("an intruder's record passes as the client's");
	}
	TRY(records_search(r, c, frames, c->call->out, FRAMES * CLIENT_STRIDE, &new_records,
			   &false_records));
	return new_records == FRAMES && !false_records
		       ? NULL
		       : FAILED("%u records new, %u false", new_records, false_records);
}

static const struct err *take_turns(struct abuse *a, struct intruder *in, struct records *r)
{
	const uint8_t *pages[FRAMES];

	for (uint32_t i = 0; i < ROUNDS; i++) {
		const uint64_t *frames = a->frames + i;

		client_ask_frames(&a->client, frames, FRAMES); /* on its way when he calls */
		TRY(client_read(&in->client, frames, FRAMES, pages));
		TRY(collect(&in->client, r, frames, &a->client.request));
		TRY(client_make(&a->client));
		TRY(collect(&a->client, r, frames, &in->client.request));
		TRY(client_read(&a->client, frames, FRAMES, pages));
		TRY(collect(&a->client, r, frames, NULL));
	}
	return NULL;
}

static void *intrude(void *argument)
{
	struct intruder *in = argument;
	const uint8_t *pages[FRAMES];
	const struct err *e = NULL;

	while (!e && !in->ended) {
		e = client_read(&in->client, in->abuse->frames, FRAMES, pages);
		if (!e)
			e = collect(&in->client, &in->records, in->abuse->frames, NULL);
	}
	if (e)
		snprintf(in->why, sizeof(in->why), "%s", e->message);
	return NULL;
}

static const struct err *at_once(struct abuse *a, struct intruder *in, struct records *r)
{
	const uint8_t *pages[FRAMES];
	const struct err *e = NULL;
	uint32_t his = 0;
	pthread_t thread;

	if (pthread_create(&thread, NULL, intrude, in))
		return ERR(ERR_SYSTEM, "cannot start a thread");
	for (uint32_t i = 0; i < 4 * ROUNDS && !e; i++) {
		e = client_read(&a->client, a->frames + i, FRAMES, pages);
		if (!e)
			e = collect(&a->client, r, a->frames + i, NULL);
	}
	in->ended = true;
	pthread_join(thread, NULL);
	if (in->why[0])
		return FAILED("the intruder: %s", in->why);
	for (uint32_t i = 0; i < RECORDS_MAX && !e; i++) {
		his += in->records.seen[i];
		if (in->records.seen[i] && r->seen[i])
			e = FAILED("counter %u twice", i);
	}
	printf("info: %u records of his between %llu counters\n", his,
	       (unsigned long long)r->highest);
	return e;
}

const struct err *abuse_other_session(struct abuse *a)
{
	static struct intruder in;
	static struct records r;

	TRY(abuse_find_frames(a));
	in.abuse = a;
	TRY(hypercall_open(&in.call));
	in.client = a->client;
	in.client.call = &in.call;
	TRY(take_turns(a, &in, &r));
	return at_once(a, &in, &r);
}

const struct err *abuse_sessions(struct abuse *a)
{
	static struct client clients[SESSIONS];
	struct rtvmm_info info;
	const struct err *e;
	uint32_t alive = 0;

	for (uint32_t i = 0; i < SESSIONS; i++) {
		TRY(client_open(&clients[i], &a->call, a->domid));
		for (uint32_t j = 0; j < i; j++)
			if (clients[j].peer.reply.session == clients[i].peer.reply.session)
				return FAILED("session number %llu twice",
					      (unsigned long long)clients[i].peer.reply.session);
	}
	for (uint32_t i = 0; i < SESSIONS; i++) {
		e = client_info(&clients[i], &info);
		if (e && (e->kind != ERR_PEER || e->errnum != RTVMM_ENOSESSION))
			return e;
		alive += !e;
		if (!e && !i)
			return FAILED("the first session is still there");
	}
	TRY(client_info(&clients[SESSIONS - 1], &info));
	printf("info: %u of %u sessions are there\n", alive, SESSIONS);
	return alive == RTVMM_SESSIONS_MAX ? NULL : FAILED("not %u sessions", RTVMM_SESSIONS_MAX);
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000;
}

const struct err *abuse_tags(struct abuse *a)
{
	uint64_t wanted = abuse_number(a, 10000), made_us = 0, not_ram = 0, began_us;
	uint64_t frames[TAGS_AT_ONCE];
	struct dice d;

	dice_seed(&d, 1);
	TRY(abuse_find_frames(a));
	began_us = now_us();
	for (uint64_t done = 0; done < wanted; done += TAGS_AT_ONCE) {
		size_t at = 0;
		uint64_t start_us;

		for (int i = 0; i < TAGS_AT_ONCE; i++)
			frames[i] = a->frames[dice_below(&d, a->frame_count)];
		client_ask_frames(&a->client, frames, TAGS_AT_ONCE);
		start_us = now_us();
		TRY(client_make(&a->client));
		made_us += now_us() - start_us;
		for (int i = 0; i < TAGS_AT_ONCE; i++) {
			const uint8_t *page;

			TRY(client_verify(&a->client, RTVMM_RECORD_PAGE, frames[i], a->call.out,
					  HYPERCALL_OUT_MAX, &at, &page));
			not_ram += !page;
		}
	}
	printf("info: %llu frames (%llu not RAM any more), %.2f us each to make, %.2f us with "
	       "verification\n",
	       (unsigned long long)wanted, (unsigned long long)not_ram,
	       (double)made_us / (double)wanted, (double)(now_us() - began_us) / (double)wanted);
	return NULL;
}
