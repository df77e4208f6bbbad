/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one door: each check alone refuses what it is there for, and the message names it. */
#include "remotetrans/client/framecache.h"
#include "remotetrans/wire/msg.h"
#include "tests/lib/unit.h"
#include "tests/unit/client/vmm.h"

#include <stdio.h>
#include <string.h>

#define FRAME 5

/* An open session, and a PAGE record of frame 5 for a challenge. */
struct door {
	struct vmm vmm;
	struct verify verify;
	struct verify_expect expect;
	uint8_t *bytes; /* of the record */
	size_t len_bytes;
};

static void door_init(struct door *d)
{
	const uint64_t frame = FRAME;

	memset(d, 0, sizeof(*d));
	vmm_init(&d->vmm);
	CHECK_OK(vmm_open(&d->vmm, &d->verify));
	(void)vmm_read(&d->vmm, &frame, 1);
	d->bytes = d->vmm.core->out;
	d->len_bytes = d->vmm.core->out_bytes;
	d->expect = (struct verify_expect){.types = VERIFY_TYPE(RTVMM_RECORD_PAGE) |
						    VERIFY_TYPE(RTVMM_RECORD_NOT_RAM),
					   .challenge = d->vmm.challenge,
					   .subject = FRAME};
}

static void door_deinit(struct door *d)
{
	verify_deinit(&d->verify);
	vmm_deinit(&d->vmm);
}

static const struct err *pass(struct door *d, struct record *ret)
{
	struct buf_reader r = buf_reader_over(d->bytes, d->len_bytes);

	TRY(verify_record(&d->verify, &d->expect, &r, ret));
	return buf_reader_end(&r);
}

/* Refused as INTEGRITY, naming the frame and the check; nothing was handed out or counted. */
static void check_refused(struct door *d, const char *check)
{
	struct record rec = {.payload_bytes = 77};
	uint64_t records = d->verify.records, counter = d->verify.counter;
	const struct err *e = pass(d, &rec);

	CHECK_ERR(e, ERR_INTEGRITY);
	if (e && !strstr(e->message, check)) {
		fprintf(stderr, "\n    '%s' does not say '%s'\n", e->message, check);
		CU_FAIL("message");
	}
	CU_ASSERT_EQUAL(rec.payload_bytes, 77);
	CU_ASSERT_EQUAL(d->verify.records, records);
	CU_ASSERT_EQUAL(d->verify.counter, counter);
}

TEST(verify, accepts_what_the_vmm_made)
{
	struct record rec;
	struct door d;

	door_init(&d);
	CHECK_OK(pass(&d, &rec));
	CU_ASSERT_EQUAL(rec.type, RTVMM_RECORD_PAGE);
	CU_ASSERT_EQUAL(rec.subject, FRAME);
	CU_ASSERT_EQUAL(rec.generation, 0);
	CU_ASSERT_EQUAL(rec.payload_bytes, RTVMM_FRAME_BYTES);
	CU_ASSERT_EQUAL(rec.payload[4095], 0x40 + FRAME);
	CU_ASSERT_EQUAL(d.verify.records, 1);
	door_deinit(&d);
}

TEST(verify, every_altered_bit_is_refused)
{
	struct record rec;
	struct door d;

	door_init(&d);
	for (size_t i = 0; i < d.len_bytes; i += i < 200 ? 1 : 61) {
		d.bytes[i] ^= (uint8_t)(1 << i % 8);
		const struct err *e = pass(&d, &rec);
		CU_ASSERT_TRUE(e && (e->kind == ERR_INTEGRITY || e->kind == ERR_PROTO));
		d.bytes[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK_OK(pass(&d, &rec));
	door_deinit(&d);
}

TEST(verify, the_last_byte_of_a_page_counts)
{
	struct door d;

	door_init(&d);
	d.bytes[d.len_bytes - 1] ^= 0x80;
	check_refused(&d, "frame 0x5: tag does not match");
	door_deinit(&d);
}

/* Header fields changed and tagged anew, as only the VMM could: each field's own check refuses. */
struct alteration {
	size_t offset;
	uint8_t mask;
	const char *check;
};

#define AT(member) offsetof(struct rtvmm_header, member)

static const struct alteration alterations[] = {
	{AT(magic), 1, "magic"},
	{AT(version), 2, "another version"},
	{AT(type), RTVMM_RECORD_PAGE ^ RTVMM_RECORD_INFO, "not the type of record"},
	{AT(type), 0x40, "not the type of record"},
	{AT(type) + 3, 0x80, "not the type of record"},
	{AT(payload_bytes), 1, "payload of a wrong length"},
	{AT(payload_bytes) + 3, 0xff, "payload of a wrong length"},
	{AT(instance_id) + 15, 1, "rebooted or replaced"},
	{AT(uuid), 1, "another VM"},
	{AT(boot_id), 1, "another boot"},
	{AT(session), 1, "another session"},
	{AT(session) + 7, 1, "another session"},
	{AT(challenge) + 31, 1, "another challenge"},
	{AT(subject), 1, "not the one asked for"},
	{AT(subject) + 7, 1, "not the one asked for"},
	{AT(generation), 1, "not of this snapshot"},
	{AT(zero) + 23, 1, "reserved"},
};

TEST(verify, each_header_field_has_its_check)
{
	struct record rec;
	struct door d;

	door_init(&d);
	for (size_t i = 0; i < sizeof(alterations) / sizeof(alterations[0]); i++) {
		const struct alteration *a = &alterations[i];

		d.bytes[a->offset] ^= a->mask;
		vmm_retag(&d.vmm, d.bytes);
		check_refused(&d, a->check);
		d.bytes[a->offset] ^= a->mask;
	}
	vmm_retag(&d.vmm, d.bytes);
	CHECK_OK(pass(&d, &rec));
	door_deinit(&d);
}

TEST(verify, header_fields_that_are_free_are_still_tagged)
{
	struct door d;

	door_init(&d);
	d.bytes[AT(taken_ns)] ^= 1;
	check_refused(&d, "tag does not match");
	door_deinit(&d);
}

TEST(verify, a_record_is_accepted_once)
{
	struct record rec;
	struct door d;

	door_init(&d);
	CHECK_OK(pass(&d, &rec));
	check_refused(&d, "frame 0x5: counter was used before");
	door_deinit(&d);
}

TEST(verify, counters_only_go_up)
{
	const uint64_t frame = FRAME;
	uint8_t earlier[sizeof(struct rtvmm_record) + RTVMM_FRAME_BYTES];
	struct record rec;
	struct door d;

	door_init(&d);
	memcpy(earlier, d.bytes, sizeof(earlier));
	(void)vmm_read(&d.vmm, &frame, 1);
	CHECK_OK(pass(&d, &rec));
	/* the earlier record, made to fit the newer challenge: only its counter gives it away */
	memcpy(d.bytes, earlier, sizeof(earlier));
	memcpy(d.bytes + AT(challenge), d.vmm.challenge, RTVMM_CHALLENGE_BYTES);
	vmm_retag(&d.vmm, d.bytes);
	check_refused(&d, "counter was used before");
	door_deinit(&d);
}

TEST(verify, an_earlier_reply_is_refused)
{
	const uint64_t frame = FRAME;
	uint8_t earlier[sizeof(struct rtvmm_record) + RTVMM_FRAME_BYTES];
	struct door d;

	door_init(&d);
	memcpy(earlier, d.bytes, sizeof(earlier));
	(void)vmm_read(&d.vmm, &frame, 1);
	memcpy(d.bytes, earlier, sizeof(earlier));
	check_refused(&d, "frame 0x5: answers another challenge (replayed)");
	door_deinit(&d);
}

TEST(verify, swapped_frames_are_refused)
{
	const uint64_t frames[] = {FRAME, 6};
	const size_t one = sizeof(struct rtvmm_record) + RTVMM_FRAME_BYTES;
	struct door d;

	door_init(&d);
	(void)vmm_read(&d.vmm, frames, 2);
	/* whole records swapped: frame 6 comes where 5 was asked for */
	d.bytes = d.vmm.core->out + one;
	d.len_bytes = one;
	check_refused(&d, "frame 0x5: not the one asked for (swapped)");
	/* only the pages swapped */
	memmove(d.vmm.core->out + sizeof(struct rtvmm_record),
		d.vmm.core->out + one + sizeof(struct rtvmm_record), RTVMM_FRAME_BYTES);
	d.bytes = d.vmm.core->out;
	check_refused(&d, "frame 0x5: tag does not match");
	door_deinit(&d);
}

TEST(verify, another_sessions_record_is_refused)
{
	const uint64_t frame = FRAME;
	struct verify second;
	struct door d;

	door_init(&d);
	uint64_t first = d.vmm.session;
	CHECK_OK(vmm_open(&d.vmm, &second));
	(void)vmm_read(&d.vmm, &frame, 1);
	check_refused(&d, "another session");
	/* with the session number forged as well, the key is still another one */
	memcpy(d.bytes + AT(session), &first, sizeof(first));
	check_refused(&d, "tag does not match");
	verify_deinit(&second);
	door_deinit(&d);
}

TEST(verify, a_reset_vm_is_refused)
{
	const uint64_t frame = FRAME;
	struct verify renewed;
	struct door d;

	door_init(&d);
	uint64_t first = d.vmm.session;
	CU_ASSERT_EQUAL(vm_renew_instance(&d.vmm.core->vm), 0);
	CHECK_OK(vmm_open(&d.vmm, &renewed));
	(void)vmm_read(&d.vmm, &frame, 1);
	memcpy(d.bytes + AT(session), &first, sizeof(first));
	check_refused(&d, "rebooted or replaced");
	verify_deinit(&renewed);
	door_deinit(&d);
}

TEST(verify, no_prefix_of_a_record_passes)
{
	size_t whole;
	struct record rec;
	struct door d;

	door_init(&d);
	whole = d.len_bytes;
	for (d.len_bytes = 0; d.len_bytes < whole; d.len_bytes += d.len_bytes < 180 ? 1 : 97)
		CHECK_ERR(pass(&d, &rec), ERR_PROTO);
	d.len_bytes = whole;
	CHECK_OK(pass(&d, &rec));
	door_deinit(&d);
}

TEST(verify, not_ram_is_a_tagged_statement)
{
	const uint64_t frame = FAKE_FRAMES + 3;
	struct record rec;
	struct door d;

	door_init(&d);
	(void)vmm_read(&d.vmm, &frame, 1);
	d.len_bytes = d.vmm.core->out_bytes;
	d.expect.subject = frame;
	CHECK_OK(pass(&d, &rec));
	CU_ASSERT_EQUAL(rec.type, RTVMM_RECORD_NOT_RAM);
	/* forged: 'not RAM' for a frame that is */
	d.bytes[AT(subject)] = FRAME;
	d.expect.subject = FRAME;
	d.verify.any_accepted = false;
	check_refused(&d, "frame 0x5: tag does not match");
	door_deinit(&d);
}

TEST(verify, records_of_a_snapshot_are_of_its_generation)
{
	const uint64_t frame = FRAME;
	struct record rec;
	struct door d;

	door_init(&d);
	(void)vmm_ask(&d.vmm, RTVMM_OP_SNAPSHOT_BEGIN, 0);
	(void)vmm_read(&d.vmm, &frame, 1);
	check_refused(&d, "not of this snapshot");
	d.expect.generation = d.vmm.core->vm.generation;
	CHECK_OK(pass(&d, &rec));
	CU_ASSERT_EQUAL(rec.generation, d.expect.generation);
	(void)vmm_ask(&d.vmm, RTVMM_OP_SNAPSHOT_END, 0);
	(void)vmm_read(&d.vmm, &frame, 1);
	check_refused(&d, "not of this snapshot");
	door_deinit(&d);
}

/* --- short forms --------------------------------------------------------------------------------
 */

/* Frame 5 as it was, kept by the client; the door's record says what it is now. */
struct kept_door {
	struct door door;
	struct framepool pool;
	struct framecache kept;
	struct kept_record form;
};

static void keep(struct kept_door *k, uint8_t fill)
{
	uint8_t page[FRAME_BYTES];
	struct record rec = {.type = RTVMM_RECORD_PAGE,
			     .subject = FRAME,
			     .payload = page,
			     .payload_bytes = FRAME_BYTES};

	memset(page, fill, sizeof(page));
	framecache_clear(&k->kept);
	CHECK_OK(framecache_put(&k->kept, &rec));
}

static void kept_door_init(struct kept_door *k)
{
	struct door *d = &k->door;
	struct rtvmm_record rec;

	memset(k, 0, sizeof(*k));
	door_init(d);
	memcpy(&rec, d->bytes, sizeof(rec));
	k->form = (struct kept_record){
		.frame = FRAME, .counter = rec.header.counter, .taken_ns = rec.header.taken_ns};
	memcpy(k->form.tag, rec.tag, sizeof(k->form.tag));
	k->kept.pool = &k->pool;
	d->expect.kept = &k->kept;
	keep(k, 0x40 + FRAME);
}

static void kept_door_deinit(struct kept_door *k)
{
	framecache_deinit(&k->kept);
	framepool_deinit(&k->pool);
	door_deinit(&k->door);
}

/* The short form goes over the record's beginning. */
static void say(struct kept_door *k)
{
	struct buf_writer w = buf_writer_over(k->door.bytes, WIRE_KEPT_BYTES);

	CHECK_OK(record_kept_encode(&k->form, &w));
	k->door.len_bytes = w.used_bytes;
}

static void check_form_refused(struct kept_door *k, const char *check)
{
	say(k);
	check_refused(&k->door, check);
}

TEST(verify, a_short_form_stands_for_the_page_that_was_kept)
{
	struct kept_door k;
	struct record rec;

	kept_door_init(&k);
	say(&k);
	CHECK_OK(pass(&k.door, &rec));
	CU_ASSERT_TRUE(rec.is_kept && rec.type == RTVMM_RECORD_PAGE && rec.subject == FRAME);
	CU_ASSERT_EQUAL(rec.taken_ns, k.form.taken_ns);
	CU_ASSERT_PTR_EQUAL(rec.payload, framecache_find(&k.kept, gfn(FRAME))->page->bytes);
	check_refused(&k.door, "frame 0x5: counter was used before");
	kept_door_deinit(&k);
}

TEST(verify, a_page_that_changed_has_no_short_form)
{
	struct kept_door k;

	kept_door_init(&k);
	keep(&k, 0x41 + FRAME);
	check_form_refused(&k, "frame 0x5: tag does not match");
	kept_door_deinit(&k);
}

TEST(verify, a_page_that_was_not_kept_has_no_short_form)
{
	struct kept_door k;

	kept_door_init(&k);
	k.form.frame = FRAME + 1;
	k.door.expect.any_subject = VERIFY_TYPE(RTVMM_RECORD_PAGE);
	check_form_refused(&k, "frame 0x6: said to be as before, but it was not there before");
	k.form.frame = FRAME;
	k.door.expect.kept = NULL; /* nothing of the kind was asked for */
	check_form_refused(&k, "frame 0x5: said to be as before");
	k.door.expect.kept = &k.kept;
	say(&k);
	CHECK_OK(pass(&k.door, &(struct record){0}));
	kept_door_deinit(&k);
}

/* What the short form does not say is what was asked for, and its tag binds it. */
TEST(verify, a_short_form_is_of_this_session_and_moment)
{
	struct kept_door k;

	kept_door_init(&k);
	k.door.expect.generation++;
	check_form_refused(&k, "tag does not match");
	k.door.expect.generation--;
	k.door.vmm.challenge[1] ^= 1;
	check_form_refused(&k, "tag does not match");
	k.door.vmm.challenge[1] ^= 1;
	k.door.verify.identity.instance_id[0] ^= 1;
	check_form_refused(&k, "tag does not match");
	k.door.verify.identity.instance_id[0] ^= 1;
	k.door.verify.identity.session++;
	check_form_refused(&k, "tag does not match");
	k.door.verify.identity.session--;
	k.door.expect.types = VERIFY_TYPE(RTVMM_RECORD_SNAPSHOT);
	check_form_refused(&k, "not the type of record asked for");
	kept_door_deinit(&k);
}

TEST(verify, every_altered_bit_of_a_short_form_is_refused)
{
	struct kept_door k;
	struct record rec;

	kept_door_init(&k);
	k.door.expect.any_subject = VERIFY_TYPE(RTVMM_RECORD_PAGE);
	say(&k);
	for (size_t i = 0; i < 8 * WIRE_KEPT_BYTES; i++) {
		k.door.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
		const struct err *e = pass(&k.door, &rec);
		CU_ASSERT_TRUE(e && (e->kind == ERR_INTEGRITY || e->kind == ERR_PROTO));
		k.door.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (k.door.len_bytes = 0; k.door.len_bytes < WIRE_KEPT_BYTES; k.door.len_bytes++)
		CHECK_ERR(pass(&k.door, &rec), ERR_PROTO);
	CHECK_OK(pass(&k.door, &rec));
	kept_door_deinit(&k);
}

/* --- a backend that cannot tag, accepted by the user --------------------------------------------
 */

TEST(verify, untagged_records_pass_the_same_door)
{
	struct record rec;
	struct door d;

	door_init(&d);
	verify_deinit(&d.verify);
	check_refused(&d, "unexpected tag");
	memset(d.bytes + RTVMM_HEADER_BYTES, 0, RTVMM_TAG_BYTES);
	d.bytes[AT(challenge)] ^= 1;
	check_refused(&d, "another challenge");
	d.bytes[AT(challenge)] ^= 1;
	CHECK_OK(pass(&d, &rec));
	check_refused(&d, "counter was used before");
	door_deinit(&d);
}

/* A zero tag is no way around a session that has a key. */
TEST(verify, a_zero_tag_is_refused_where_tags_are_made)
{
	struct door d;

	door_init(&d);
	memset(d.bytes + RTVMM_HEADER_BYTES, 0, RTVMM_TAG_BYTES);
	check_refused(&d, "tag does not match");
	door_deinit(&d);
}
