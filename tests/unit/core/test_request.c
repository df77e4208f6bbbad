/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/core/fake_host.h"

#include <stdlib.h>
#include <string.h>

static int status_of(struct fake *f, const struct rtvmm_request *r)
{
	uint32_t records;
	int status = fake_request(f, r, NULL, 0, &records);

	CU_ASSERT_TRUE(!status || records == 0);
	return status;
}

/* Ask for @count frames and verify every record; the payloads are compared with the fake's. */
static const struct err *read_frames(struct fake *f, struct vmm_peer *p, const uint64_t *frames,
				     uint32_t count)
{
	struct rtvmm_request r = vmm_peer_request(p, RTVMM_OP_READ);
	const uint8_t *at = f->out;
	uint32_t records;
	int status;

	r.count = count;
	status = fake_request(f, &r, frames, count * sizeof(*frames), &records);
	if (status || records != count)
		return ERR(ERR_PEER, "status %d, %u records", status, records);
	for (uint32_t i = 0; i < count; i++) {
		enum rtvmm_record_type type =
			frames[i] < FAKE_FRAMES ? RTVMM_RECORD_PAGE : RTVMM_RECORD_NOT_RAM;
		struct rtvmm_record record;

		memcpy(&record, at, sizeof(record));
		at += sizeof(record);
		TRY(vmm_peer_verify(p, &r, type, frames[i], &record, at));
		if (type == RTVMM_RECORD_PAGE &&
		    (record.header.payload_bytes != RTVMM_FRAME_BYTES ||
		     at[0] != 0x40 + frames[i] || at[4095] != at[0]))
			return ERR(ERR_PROTO, "not the bytes of frame %u", (unsigned)frames[i]);
		if (type == RTVMM_RECORD_NOT_RAM && record.header.payload_bytes)
			return ERR(ERR_PROTO, "payload for no RAM");
		at += record.header.payload_bytes;
	}
	return at == f->out + f->out_bytes ? NULL : ERR(ERR_PROTO, "bytes left over");
}

TEST(request, read_gives_pages_in_order)
{
	static const uint64_t frames[] = {3, 0, 15, 16, UINT64_MAX, 3};
	struct fake *f = fake_new();
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	CHECK_OK(read_frames(f, &p, frames, 6));
	fake_free(f);
}

static bool has_tag(const uint8_t *record_bytes)
{
	struct rtvmm_record record;

	memcpy(&record, record_bytes, sizeof(record));
	for (int i = 0; i < RTVMM_TAG_BYTES; i++)
		if (record.tag[i])
			return true;
	return false;
}

/* A record says of which moment it is when it is put, whenever its tag is made. */
TEST(request, tags_may_be_made_after_the_pause)
{
	static const uint64_t frames[] = {3, 16};
	struct fake *f = fake_new();
	struct rtvmm_record records[2];
	struct rtvmm_request r, begin;
	const uint8_t *none;
	struct vmm_peer p;
	uint32_t count, len[2];

	CHECK_OK(fake_open(f, &p));
	begin = vmm_peer_request(&p, RTVMM_OP_SNAPSHOT_BEGIN);
	CHECK_OK(fake_ask(f, &p, &begin, RTVMM_RECORD_SNAPSHOT, 0, &records[0], &none));
	r = vmm_peer_request(&p, RTVMM_OP_READ);
	r.count = 2;
	f->call.tags_later = true;
	CU_ASSERT_EQUAL_FATAL(fake_request(f, &r, frames, sizeof(frames), &count), 0);
	CU_ASSERT_FALSE(has_tag(f->out));
	CU_ASSERT_EQUAL(vm_resume(&f->vm), 0);
	CU_ASSERT_EQUAL_FATAL(request_tag(&f->caller, f->out, &len[0]), 0);
	CU_ASSERT_EQUAL_FATAL(request_tag(&f->caller, f->out + len[0], &len[1]), 0);
	CU_ASSERT_EQUAL(len[0] + len[1], f->out_bytes);
	memcpy(&records[0], f->out, sizeof(records[0]));
	memcpy(&records[1], f->out + len[0], sizeof(records[1]));
	CHECK_OK(vmm_peer_verify(&p, &r, RTVMM_RECORD_PAGE, 3, &records[0],
				 f->out + sizeof(records[0])));
	CHECK_OK(vmm_peer_verify(&p, &r, RTVMM_RECORD_NOT_RAM, 16, &records[1], NULL));
	CU_ASSERT_EQUAL(records[0].header.generation, f->vm.last_generation);
	fake_free(f);
}

TEST(request, no_tag_is_made_for_a_session_that_has_ended)
{
	static const uint64_t frame = 3;
	struct fake *f = fake_new();
	struct rtvmm_request r;
	struct vmm_peer p;
	uint32_t count;

	CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&p, RTVMM_OP_READ);
	r.count = 1;
	f->call.tags_later = true;
	CU_ASSERT_EQUAL_FATAL(fake_request(f, &r, &frame, sizeof(frame), &count), 0);
	session_wipe(session_find(&f->caller, r.session));
	CU_ASSERT_EQUAL(request_tag(&f->caller, f->out, &count), -RTVMM_ENOSESSION);
	CU_ASSERT_FALSE(has_tag(f->out));
	fake_free(f);
}

TEST(request, read_takes_as_many_as_said)
{
	static uint64_t frames[RTVMM_READ_FRAMES_MAX + 1];
	struct fake *f = fake_new();
	struct rtvmm_request r;
	struct vmm_peer p;

	for (uint32_t i = 0; i < RTVMM_READ_FRAMES_MAX; i++)
		frames[i] = i % 20;
	CHECK_OK(fake_open(f, &p));
	CHECK_OK(read_frames(f, &p, frames, RTVMM_READ_FRAMES_MAX));
	r = vmm_peer_request(&p, RTVMM_OP_READ);
	r.count = RTVMM_READ_FRAMES_MAX + 1;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r.count = 0;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r.count = UINT32_MAX;
	CU_ASSERT_EQUAL(request_trailing_bytes(&r), -RTVMM_EINVAL);
	fake_free(f);
}

/* Each malformed field of its own; the same request without it is good. */
TEST(request, malformed_is_refused)
{
	struct fake *f = fake_new();
	struct vmm_peer p;
	struct rtvmm_request good, r;

	CHECK_OK(fake_open(f, &p));
	good = vmm_peer_request(&p, RTVMM_OP_INFO);
	CU_ASSERT_EQUAL(status_of(f, &good), 0);
	r = good, r.version = RTVMM_VERSION + 1;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EVERSION);
	r = good, r.count = 1;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r = good, r.deadline_ms = 1;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r = good, r.op = 0;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r = good, r.op = RTVMM_OP_SNAPSHOT_END + 1;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r = good, r.op = UINT32_MAX;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r = good, r.op = RTVMM_OP_OPEN; /* with a session number */
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r = good, r.op = RTVMM_OP_VCPU, r.count = RTVMM_VCPUS_MAX;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	r.count = FAKE_VCPUS;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EINVAL);
	CU_ASSERT_EQUAL(status_of(f, &good), 0);
	fake_free(f);
}

TEST(request, foreign_session_is_none)
{
	struct fake *f = fake_new();
	struct caller *other = calloc(1, sizeof(*other));
	struct rtvmm_request r;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&p, RTVMM_OP_INFO);
	CU_ASSERT_EQUAL(status_of(f, &r), 0);
	f->call.caller = other;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOSESSION);
	r.op = RTVMM_OP_CLOSE;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOSESSION);
	f->call.caller = &f->caller;
	CU_ASSERT_EQUAL(status_of(f, &r), 0);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOSESSION);
	free(other);
	fake_free(f);
}

/* One caller's full table is its own trouble. */
TEST(request, full_table_harms_nobody_else)
{
	struct fake *f = fake_new();
	struct caller *other = calloc(1, sizeof(*other));
	struct vmm_peer first, oldest, p;
	struct rtvmm_request r;

	CHECK_OK(fake_open(f, &first));
	f->call.caller = other;
	CHECK_OK(fake_open(f, &oldest));
	for (int i = 0; i < RTVMM_SESSIONS_MAX; i++)
		CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&oldest, RTVMM_OP_INFO);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOSESSION);
	f->call.caller = &f->caller;
	r = vmm_peer_request(&first, RTVMM_OP_INFO);
	CU_ASSERT_EQUAL(status_of(f, &r), 0);
	CHECK_OK(fake_open(f, &p));
	free(other);
	fake_free(f);
}

/* An open whose share is of small order, so that no key can be agreed on. */
static int open_without_a_key(struct fake *f)
{
	struct rtvmm_request r;
	struct vmm_peer p;
	uint32_t records;

	CHECK_OK(vmm_peer_begin(&p));
	memset(p.request.client_ephemeral, 0, sizeof(p.request.client_ephemeral));
	r = vmm_peer_request(&p, RTVMM_OP_OPEN);
	return fake_request(f, &r, &p.request, sizeof(p.request), &records);
}

static const struct err *info(struct fake *f, struct vmm_peer *p)
{
	struct rtvmm_request r = vmm_peer_request(p, RTVMM_OP_INFO);
	struct rtvmm_record record;
	const uint8_t *payload;

	return fake_ask(f, p, &r, RTVMM_RECORD_INFO, 0, &record, &payload);
}

/*
 * Room is made before the key is agreed on, so an open that fails can cost a session: the caller's
 * own oldest, once, as an open that succeeds would have; the place stays free for the next.
 */
TEST(request, an_open_that_fails_costs_at_most_its_callers_oldest_session)
{
	struct vmm_peer *own = calloc(RTVMM_SESSIONS_MAX, sizeof(*own)), others, p;
	struct caller *other = calloc(1, sizeof(*other));
	struct fake *f = fake_new();
	struct rtvmm_request r;

	CHECK_OK(fake_open(f, &own[0]));
	CU_ASSERT_EQUAL(open_without_a_key(f), -RTVMM_EKEY); /* there is room: costs nothing */
	for (int i = 1; i < RTVMM_SESSIONS_MAX; i++)
		CHECK_OK(fake_open(f, &own[i]));
	f->call.caller = other;
	CHECK_OK(fake_open(f, &others));
	f->call.caller = &f->caller;
	for (int i = 0; i < 2 * RTVMM_SESSIONS_MAX; i++)
		CU_ASSERT_EQUAL(open_without_a_key(f), -RTVMM_EKEY);
	r = vmm_peer_request(&own[0], RTVMM_OP_INFO);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOSESSION);
	CHECK_OK(fake_open(f, &p));
	CHECK_OK(info(f, &p));
	for (int i = 1; i < RTVMM_SESSIONS_MAX; i++)
		CHECK_OK(info(f, &own[i]));
	f->call.caller = other;
	CHECK_OK(info(f, &others));
	free(other);
	free(own);
	fake_free(f);
}

/* Its number does not come again, so nobody inherits its pause; the deadline ends that. */
TEST(request, a_session_that_made_room_leaves_its_pause_to_the_deadline)
{
	struct fake *f = fake_new();
	struct vmm_peer oldest, p;
	struct rtvmm_request r;

	CHECK_OK(fake_open(f, &oldest));
	r = vmm_peer_request(&oldest, RTVMM_OP_SNAPSHOT_BEGIN);
	CU_ASSERT_EQUAL(status_of(f, &r), 0);
	for (int i = 0; i < RTVMM_SESSIONS_MAX; i++)
		CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&oldest, RTVMM_OP_SNAPSHOT_END);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOSESSION);
	r = vmm_peer_request(&p, RTVMM_OP_SNAPSHOT_END);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ETIME);
	CU_ASSERT_TRUE(f->paused);
	f->now_ns = vm_deadline_ns(&f->vm);
	vm_expire(&f->vm);
	CU_ASSERT_FALSE(f->paused);
	CHECK_OK(info(f, &p));
	fake_free(f);
}

TEST(request, new_instance_ends_sessions)
{
	struct fake *f = fake_new();
	struct rtvmm_request r;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&p, RTVMM_OP_INFO);
	CU_ASSERT_EQUAL(vm_renew_instance(&f->vm), 0);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOVM);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOSESSION);
	CHECK_OK(fake_open(f, &p));
	f->vm.gone = true;
	r = vmm_peer_request(&p, RTVMM_OP_INFO);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ENOVM);
	CHECK_ERR(fake_open(f, &p), ERR_PEER);
	fake_free(f);
}

/* A counter is consumed before the copy and stays consumed, whatever fails afterwards. */
TEST(request, counters_are_never_given_back)
{
	static const uint64_t frame = 2;
	struct fake *f = fake_new();
	struct rtvmm_record record;
	const uint8_t *payload;
	struct rtvmm_request r;
	struct vmm_peer p;
	uint32_t records;

	CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&p, RTVMM_OP_READ);
	r.count = 1;
	f->copy_status = -RTVMM_EIO; /* fault in the copy: counter 1 */
	CU_ASSERT_EQUAL(fake_request(f, &r, &frame, sizeof(frame), &records), -RTVMM_EIO);
	f->copy_status = 0;
	f->put_limit = 1; /* fault in handing out: counter 2 */
	CU_ASSERT_EQUAL(fake_request(f, &r, &frame, sizeof(frame), &records), -RTVMM_EFAULT);
	f->put_limit = 0;
	f->pause_status = -RTVMM_EIO; /* counter 3 */
	r = vmm_peer_request(&p, RTVMM_OP_VCPU);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EIO);
	r = vmm_peer_request(&p, RTVMM_OP_INFO);
	CHECK_OK(fake_ask(f, &p, &r, RTVMM_RECORD_INFO, 0, &record, &payload));
	CU_ASSERT_EQUAL(record.header.counter, 4);
	fake_free(f);
}

TEST(request, vcpu_is_read_in_a_pause)
{
	struct fake *f = fake_new();
	struct rtvmm_record record;
	const uint8_t *payload;
	struct rtvmm_request r;
	struct rtvmm_vcpu v;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&p, RTVMM_OP_VCPU);
	r.count = 1;
	CHECK_OK(fake_ask(f, &p, &r, RTVMM_RECORD_VCPU, 1, &record, &payload));
	memcpy(&v, payload, sizeof(v));
	CU_ASSERT_EQUAL(v.cr3, 0x2000);
	CU_ASSERT_EQUAL(record.header.generation, 0);
	CU_ASSERT_EQUAL(f->pauses, 1);
	CU_ASSERT_EQUAL(f->resumes, 1);
	f->vcpu_status = -RTVMM_EIO;
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EIO);
	CU_ASSERT_FALSE(f->paused);
	fake_free(f);
}

/* Without pause budget there are no registers either: whoever asks, asks for a pause. */
TEST(request, vcpu_counts_against_the_budget)
{
	struct fake *f = fake_new();
	struct rtvmm_request r;
	struct vmm_peer p;
	int granted = 0;

	CHECK_OK(fake_open(f, &p));
	r = vmm_peer_request(&p, RTVMM_OP_VCPU);
	f->tick_ns = 1000000; /* from the first to the third look at the clock: 2 ms a pause */
	while (granted < 10000 && !status_of(f, &r))
		granted++;
	CU_ASSERT_TRUE(granted > 450 && granted < 550);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EBUSY);
	fake_free(f);
}

static const struct err *begin(struct fake *f, struct vmm_peer *p, uint32_t deadline_ms,
			       struct rtvmm_record *ret)
{
	struct rtvmm_request r = vmm_peer_request(p, RTVMM_OP_SNAPSHOT_BEGIN);
	const uint8_t *payload;

	r.deadline_ms = deadline_ms;
	return fake_ask(f, p, &r, RTVMM_RECORD_SNAPSHOT, 0, ret, &payload);
}

TEST(request, snapshot_holds_one_generation)
{
	static const uint64_t frame = 1;
	struct fake *f = fake_new();
	struct rtvmm_record first, last;
	struct rtvmm_snapshot s;
	const uint8_t *payload;
	struct rtvmm_request r;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	CHECK_OK(begin(f, &p, 200, &first));
	memcpy(&s, f->out + sizeof(first), sizeof(s));
	CU_ASSERT_EQUAL(s.event, RTVMM_SNAPSHOT_BEGIN);
	CU_ASSERT_EQUAL(s.deadline_ms, 200);
	CU_ASSERT_TRUE(f->paused);
	CU_ASSERT_EQUAL(first.header.generation, 1);
	CHECK_OK(read_frames(f, &p, &frame, 1));
	memcpy(&last, f->out, sizeof(last));
	CU_ASSERT_EQUAL(last.header.generation, 1);
	r = vmm_peer_request(&p, RTVMM_OP_VCPU);
	CHECK_OK(fake_ask(f, &p, &r, RTVMM_RECORD_VCPU, 0, &last, &payload));
	CU_ASSERT_EQUAL(last.header.generation, 1);
	CU_ASSERT_TRUE(f->paused);
	r = vmm_peer_request(&p, RTVMM_OP_SNAPSHOT_END);
	CHECK_OK(fake_ask(f, &p, &r, RTVMM_RECORD_SNAPSHOT, 0, &last, &payload));
	CU_ASSERT_EQUAL(last.header.generation, 1);
	CU_ASSERT_FALSE(f->paused);
	CHECK_OK(read_frames(f, &p, &frame, 1));
	memcpy(&last, f->out, sizeof(last));
	CU_ASSERT_EQUAL(last.header.generation, 0);
	fake_free(f);
}

/* After the deadline nothing is tagged as of the snapshot, and there is no END record. */
TEST(request, snapshot_ends_at_its_deadline)
{
	static const uint64_t frame = 1;
	struct fake *f = fake_new();
	struct rtvmm_record record;
	struct rtvmm_request r;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	CHECK_OK(begin(f, &p, 100, &record));
	f->now_ns += 101000000;
	CHECK_OK(read_frames(f, &p, &frame, 1));
	memcpy(&record, f->out, sizeof(record));
	CU_ASSERT_EQUAL(record.header.generation, 0);
	CU_ASSERT_FALSE(f->paused);
	r = vmm_peer_request(&p, RTVMM_OP_SNAPSHOT_END);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ETIME);
	fake_free(f);
}

TEST(request, snapshot_that_others_resumed_has_no_end)
{
	struct fake *f = fake_new();
	struct rtvmm_record record;
	struct rtvmm_request r;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	CHECK_OK(begin(f, &p, 0, &record));
	f->resumed_by_others = true;
	r = vmm_peer_request(&p, RTVMM_OP_SNAPSHOT_END);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ETIME);
	CU_ASSERT_EQUAL(vm_deadline_ns(&f->vm), 0);
	fake_free(f);
}

TEST(request, snapshot_has_one_owner)
{
	struct fake *f = fake_new();
	struct rtvmm_record record;
	struct rtvmm_request r;
	struct vmm_peer p, q;

	CHECK_OK(fake_open(f, &p));
	CHECK_OK(fake_open(f, &q));
	CHECK_OK(begin(f, &p, 0, &record));
	r = vmm_peer_request(&q, RTVMM_OP_SNAPSHOT_BEGIN);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_EBUSY);
	r = vmm_peer_request(&q, RTVMM_OP_SNAPSHOT_END);
	CU_ASSERT_EQUAL(status_of(f, &r), -RTVMM_ETIME);
	CU_ASSERT_TRUE(f->paused);
	r = vmm_peer_request(&q, RTVMM_OP_CLOSE);
	CU_ASSERT_EQUAL(status_of(f, &r), 0);
	CU_ASSERT_TRUE(f->paused);
	r = vmm_peer_request(&p, RTVMM_OP_CLOSE);
	CU_ASSERT_EQUAL(status_of(f, &r), 0);
	CU_ASSERT_FALSE(f->paused);
	fake_free(f);
}

TEST(request, gone_caller_leaves_nothing)
{
	static const struct caller empty;
	struct fake *f = fake_new();
	struct rtvmm_record record;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	CHECK_OK(begin(f, &p, 0, &record));
	request_caller_gone(&f->vm, &f->caller);
	CU_ASSERT_FALSE(f->paused);
	CU_ASSERT_TRUE(!memcmp(&f->caller, &empty, sizeof(empty)));
	fake_free(f);
}

TEST(request, info_says_who_paused)
{
	struct fake *f = fake_new();
	struct rtvmm_record record;
	struct rtvmm_request r;
	struct rtvmm_info i;
	const uint8_t *payload;
	struct vmm_peer p;

	CHECK_OK(fake_open(f, &p));
	f->foreign_pause = true;
	r = vmm_peer_request(&p, RTVMM_OP_INFO);
	CHECK_OK(fake_ask(f, &p, &r, RTVMM_RECORD_INFO, 0, &record, &payload));
	memcpy(&i, payload, sizeof(i));
	CU_ASSERT_EQUAL(i.flags, RTVMM_INFO_PAUSED);
	CU_ASSERT_EQUAL(i.vcpus, FAKE_VCPUS);
	CU_ASSERT_EQUAL(i.pause_deadline_ms, 1000);
	fake_free(f);
}
