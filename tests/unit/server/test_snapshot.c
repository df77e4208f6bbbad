/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which frames a snapshot has, by what its walks came to. The linker puts __wrap_walk_run() in
 * front of walk_run(): a walk then says what the test wants; its child is a real one.
 */
#include "remotetrans/server/hints.h"
#include "remotetrans/server/snapshot.h"
#include "remotetrans/wire/record.h"
#include "tests/lib/unit.h"

#include <string.h>

#define FRAMES_MAX 16

/* What all walks say; NULL: what they really do. */
static const struct walk_result *script;
static unsigned walks;

void __real_walk_run(struct walk *w, uint64_t sets, const struct vcpu *vcpus, unsigned vcpu_count,
		     uint32_t timeout_ms, struct walk_result *ret);
void __wrap_walk_run(struct walk *w, uint64_t sets, const struct vcpu *vcpus, unsigned vcpu_count,
		     uint32_t timeout_ms, struct walk_result *ret);

void __wrap_walk_run(struct walk *w, uint64_t sets, const struct vcpu *vcpus, unsigned vcpu_count,
		     uint32_t timeout_ms, struct walk_result *ret)
{
	walks++;
	if (script)
		*ret = *script;
	else
		__real_walk_run(w, sets, vcpus, vcpu_count, timeout_ms, ret);
}

/* What is new in the pause; NULL: nothing. */
static const struct walk_result *changes;
static unsigned looks; /* for changes */

void __wrap_walk_changes_begin(struct walk *w, uint32_t timeout_ms);
void __wrap_walk_changes_end(struct walk *w, struct walk_result *ret);

void __wrap_walk_changes_begin(struct walk *w, uint32_t timeout_ms)
{
	(void)w;
	(void)timeout_ms;
	looks++;
}

void __wrap_walk_changes_end(struct walk *w, struct walk_result *ret)
{
	(void)w;
	*ret = changes ? *changes : (struct walk_result){.count = 0};
}

/* --- a backend that remembers which frames were asked for ---------------------------------------
 */

static struct {
	struct backend backend;
	struct memory memory; /* without RAM */
	struct profile_text profile;
	struct snapshotter s;
	uint64_t asked[FRAMES_MAX];
	size_t asked_count;
	unsigned vcpus_asked;
	uint64_t generation; /* of the records that are made */
} at;

/* Type and payload are what is looked at; the rest of the header is the client's business. */
static const struct err *add(struct records *r, uint32_t type, const struct buf_writer *payload)
{
	const struct record_header h = {.type = type, .generation = at.generation};
	uint8_t *bytes;

	TRY(records_reserve(r, WIRE_RECORD_HEAD_BYTES + payload->used_bytes, &bytes));
	memset(bytes, 0, WIRE_RECORD_HEAD_BYTES);
	struct buf_writer w = buf_writer_over(bytes, RTVMM_HEADER_BYTES);
	TRY(record_header_encode(&h, &w));
	memcpy(bytes + WIRE_RECORD_HEAD_BYTES, payload->start, payload->used_bytes);
	return records_added(r, WIRE_RECORD_HEAD_BYTES + payload->used_bytes);
}

static const struct err *ask(struct backend *b, const struct backend_request *request,
			     struct records *ret)
{
	const struct vm_info info = {.vcpus = 1};
	const struct vcpu vcpu = {.online = true};
	uint8_t bytes[512];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));

	(void)b;
	if (request->op == RTVMM_OP_INFO)
		TRY(record_info_encode(&info, &w));
	at.vcpus_asked += request->op == RTVMM_OP_VCPU;
	if (request->op == RTVMM_OP_VCPU)
		TRY(record_vcpu_encode(&vcpu, &w));
	if (request->op != RTVMM_OP_READ)
		return add(ret, request->op == RTVMM_OP_VCPU ? RTVMM_RECORD_VCPU : 0, &w);
	for (uint32_t i = 0; i < request->count; i++) {
		if (at.asked_count < FRAMES_MAX)
			at.asked[at.asked_count++] = request->frames[i];
		TRY(add(ret, RTVMM_RECORD_PAGE, &w));
	}
	return NULL;
}

static const struct memory *memory(struct backend *b)
{
	(void)b;
	return &at.memory;
}

static const struct backend_ops ops = {.name = "test", .ask = ask, .memory = memory};

static void set_up(void)
{
	memset(&at, 0, sizeof(at));
	at.backend.ops = &ops;
	at.profile.text = (char *)"rubbish";
	at.profile.len_bytes = 7;
	at.profile.hash[0] = 1;
	at.s.backend = &at.backend;
	at.s.profile = &at.profile;
}

static void tear_down(void)
{
	changes = NULL;
	looks = walks = 0;
	snapshotter_deinit(&at.s);
	CU_ASSERT_PTR_NULL(at.s.known);
	script = NULL;
}

/* The snapshot of a client that names frame 9 when its walks say @said. */
static void take_sets(uint64_t sets, const struct walk_result *said)
{
	static const uint8_t nine[8] = {9};
	struct msg_snapshot m = {.sets = sets, .frames = {nine, sizeof(nine)}};
	struct msg_snapshot_done done;
	struct records records = {0};
	bool more = true;

	memcpy(m.profile, at.profile.hash, sizeof(m.profile));
	script = said;
	at.asked_count = 0;
	CHECK_OK(snapshotter_take(&at.s, &m, &records, &done));
	CHECK_OK(snapshotter_receive(&at.s, &records, &done, &more));
	CU_ASSERT_FALSE(more); /* the backend has no receive() */
	if (sets)
		CU_ASSERT_STRING_EQUAL(done.remark, said->remark);
	records_deinit(&records);
}

static void take(const struct walk_result *said)
{
	take_sets(1, said);
}

static void check_asked(const uint64_t *wanted, size_t count)
{
	CU_ASSERT_EQUAL(at.asked_count, count);
	CU_ASSERT_TRUE(at.asked_count == count &&
		       memcmp(at.asked, wanted, count * sizeof(*wanted)) == 0);
}

#define CHECK_ASKED(...)                                                                           \
	check_asked((const uint64_t[]){__VA_ARGS__},                                               \
		    sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static const uint64_t few[] = {4, 1}, others[] = {7, 2, 4}, many[] = {8, 4, 5, 6, 3};
static const struct walk_result whole = {.frames = others, .count = 3};
static const struct walk_result newer = {.frames = many, .count = 5};
static const struct walk_result cut = {.frames = few, .count = 2, .remark = "cut off"};
static const struct walk_result dead = {.remark = "no walk"};

/* --- what holds ----------------------------------------------------------------------------------
 */

TEST(snapshot, a_walk_that_was_cut_off_is_completed_by_the_last_one)
{
	set_up();
	take(&cut); /* none before it */
	CHECK_ASKED(1, 4, 9);
	take(&whole);
	CHECK_ASKED(2, 4, 7, 9);
	for (unsigned i = 0; i < 2; i++) { /* one that was cut off is not remembered */
		take(&cut);
		CHECK_ASKED(1, 2, 4, 7, 9);
	}
	take(&dead);
	CHECK_ASKED(2, 4, 7, 9);
	tear_down();
}

TEST(snapshot, a_complete_walk_is_all_there_is)
{
	static const struct walk_result nothing = {.count = 0};

	set_up();
	take(&whole);
	take(&newer);
	CHECK_ASKED(3, 4, 5, 6, 8, 9);
	take(&cut); /* completed by the last one, not by the one before it */
	CHECK_ASKED(1, 3, 4, 5, 6, 8, 9);
	take(&nothing); /* complete, and touched nothing */
	CHECK_ASKED(9);
	take(&cut);
	CHECK_ASKED(1, 4, 9);
	tear_down();
}

TEST(snapshot, another_profile_forgets_what_was_touched)
{
	set_up();
	take(&whole);
	CU_ASSERT_EQUAL(at.s.known_count, 3);
	at.profile.hash[0] = 2;
	take(&cut);
	CHECK_ASKED(1, 4, 9);
	tear_down();
}

/* A snapshot without a walk has what the client names, and says nothing about walks. */
TEST(snapshot, without_a_walk_nothing_is_forgotten)
{
	set_up();
	take(&whole);
	take_sets(0, &newer);
	CHECK_ASKED(9);
	take(&cut);
	CHECK_ASKED(1, 2, 4, 7, 9);
	tear_down();
}

/* What a walk beside the running guest found is asked for first, and behind it what is new. */
TEST(snapshot, in_the_pause_only_changes_are_looked_for)
{
	static const uint64_t fresh[] = {4, 12, 9, 3};
	static const struct walk_result found = {.frames = others, .count = 3, .has_kernel = true};
	static const struct walk_result added = {.frames = fresh, .count = 4, .remark = "late"};

	set_up();
	changes = &added;
	take(&found);
	CU_ASSERT_EQUAL(looks, 1);
	CHECK_ASKED(2, 4, 7, 9, 12, 3);
	tear_down();
}

/* Who asks again at once gets the last walk's frames, and what has changed since. */
TEST(snapshot, a_walk_serves_those_who_ask_again_at_once)
{
	static const uint64_t both[] = {7, 2, 4, 11};
	static const struct walk_result found = {.frames = both, .count = 3, .has_kernel = true};
	static const struct walk_result added = {.frames = both + 3, .count = 1};

	set_up();
	changes = &added;
	take(&found);
	CHECK_ASKED(2, 4, 7, 9, 11);
	changes = NULL;
	take(&whole);
	CHECK_ASKED(2, 4, 7, 9, 11);
	CU_ASSERT_EQUAL(walks, 1);
	CU_ASSERT_EQUAL(looks, 2);
	at.s.reuse_until_ns = 0; /* later */
	take(&newer);
	CU_ASSERT_EQUAL(walks, 3); /* that one knows no kernel: again in the pause */
	tear_down();
}

TEST(snapshot, other_sets_are_walked_anew)
{
	static const struct walk_result found = {.frames = others, .count = 3, .has_kernel = true};

	set_up();
	take_sets(1, &found);
	take_sets(3, &found);
	CU_ASSERT_EQUAL(walks, 2);
	take_sets(3, &found);
	CU_ASSERT_EQUAL(walks, 2);
	tear_down();
}

/* One that does not know where the kernel is walks in the pause, with the registers of then. */
TEST(snapshot, without_a_kernel_the_walk_is_made_in_the_pause)
{
	static const struct walk_result lost = {.remark = "no kernel"};

	set_up();
	take(&lost);
	CU_ASSERT_EQUAL(looks, 0);
	CU_ASSERT_EQUAL(walks, 2);
	CU_ASSERT_EQUAL(at.s.vcpu_count, 1);
	tear_down();
}

/* Registers are asked for once before the first pause; later those of the last pause do. */
TEST(snapshot, registers_of_the_last_pause_serve_the_next_walk)
{
	static const struct walk_result found = {.frames = others, .count = 3, .has_kernel = true};

	set_up();
	take(&found);
	CU_ASSERT_EQUAL(at.vcpus_asked, 2);
	at.s.reuse_until_ns = 0;
	take(&found);
	CU_ASSERT_EQUAL(at.vcpus_asked, 3);
	CU_ASSERT_EQUAL(walks, 2);
	tear_down();
}

TEST(snapshot, what_an_earlier_client_left_saves_asking_for_registers)
{
	static const struct walk_result found = {.frames = others, .count = 3, .has_kernel = true};
	struct vcpu hint = {.online = false};

	set_up();
	at.s.hint = &hint;
	take(&found);
	CU_ASSERT_EQUAL(at.vcpus_asked, 2);
	CU_ASSERT_TRUE(hint.online);
	at.s.vcpu_count = 0; /* the next client's */
	at.s.reuse_until_ns = 0;
	take(&found);
	CU_ASSERT_EQUAL(at.vcpus_asked, 3);
	CU_ASSERT_EQUAL(walks, 2);
	tear_down();
}

TEST(snapshot, a_hint_that_leads_nowhere_is_forgotten)
{
	static const struct walk_result lost = {.remark = "no kernel"};
	struct vcpu hint = {.online = true, .cr3 = 4096};

	set_up();
	at.s.hint = &hint;
	take(&lost);
	CU_ASSERT_EQUAL(at.vcpus_asked, 2); /* for the second walk, and in the pause */
	CU_ASSERT_EQUAL(walks, 3);
	CU_ASSERT_EQUAL(hint.cr3, 0); /* those of the pause */
	tear_down();
}

/* One that only proves its host. */
TEST(snapshot, a_server_without_vms_keeps_no_hints)
{
	CHECK_OK(hints_init(0));
	CU_ASSERT_PTR_NULL(hints_of(0));
	hints_deinit();
	CHECK_OK(hints_init(1));
	CU_ASSERT_PTR_NOT_NULL(hints_of(0));
	CU_ASSERT_PTR_NULL(hints_of(1));
	hints_deinit();
}

/* --- records that come later --------------------------------------------------------------------
 */

static unsigned to_come;

static const struct err *ask_nothing(struct backend *b, const struct backend_request *request,
				     struct records *ret)
{
	(void)b;
	(void)request;
	(void)ret;
	return NULL;
}

/* One after the other; the pause is over before the last of them. */
static const struct err *receive(struct backend *b, struct records *ret, bool *ret_more)
{
	uint8_t none[1];
	struct buf_writer w = buf_writer_over(none, 0);

	(void)b;
	at.generation = to_come > 1 ? 5 : 0;
	*ret_more = --to_come;
	return add(ret, RTVMM_RECORD_NOT_RAM, &w);
}

TEST(snapshot, what_was_read_after_the_pause_is_noticed)
{
	static const struct backend_ops later = {.name = "later",
						 .ask = ask,
						 .post = ask_nothing,
						 .receive = receive,
						 .memory = memory};
	static const uint8_t nine[8] = {9};
	struct msg_snapshot m = {.frames = {nine, sizeof(nine)}};
	struct msg_snapshot_done done;
	struct records records = {0};
	bool more = true;

	set_up();
	at.backend.ops = &later;
	for (int round = 0; round < 2; round++) {
		at.generation = 5;
		to_come = 3;
		records_clear(&records);
		CHECK_OK(snapshotter_take(&at.s, &m, &records, &done));
		for (more = true; more;) {
			CU_ASSERT_FALSE(at.s.has_lapsed);
			records_clear(&records); /* what has come is not kept */
			CHECK_OK(snapshotter_receive(&at.s, &records, &done, &more));
		}
		CU_ASSERT_TRUE(at.s.has_lapsed);
	}
	records_deinit(&records);
	tear_down();
}
