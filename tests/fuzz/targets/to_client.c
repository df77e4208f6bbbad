/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lying remotetransd against the client, from the first byte after TLS on. Input: flags; then the
 * server's bytes as they are, or a script: messages of any body, and messages of records that the
 * VMM made, in any order, repeated, altered.
 *
 * With a key, whatever a lying server does: what the client holds is what the VMM tagged, each
 * counter once. Challenges are all alike here, so that a script can hold records made in advance.
 */
#include <time.h>

#include <openssl/rand.h>

#include "remotetrans/client/session_internal.h"
#include "tests/fuzz/messages.h"
#include "tests/lib/vmm_peer.h"

#define SCRIPT_BYTES (512u << 10)
#define CHALLENGE    0x11
#define FRAMES       32u
#define VCPUS        2u

enum { FLAG_AS_IS = 1, FLAG_KEY = 2, FLAG_OPENING = 4, FLAG_PROFILE = 8, FLAG_LIST = 16 };

/* In the place of the libraries': */
int RAND_bytes(unsigned char *ret, int len)
{
	memset(ret, CHALLENGE, (size_t)len);
	return 1;
}

int nanosleep(const struct timespec *wait, struct timespec *left)
{
	(void)left;
	memory_stream_clock_add((uint64_t)wait->tv_nsec);
	return 0;
}

static const uint8_t key[RTVMM_KEY_BYTES] = {1, 2, 3};
static const struct verify_identity identity = {
	.instance_id = {4}, .uuid = {5}, .boot_id = {6}, .session = 7};

/* --- records as the VMM would make them ------------------------------------------------------- */

static uint8_t frame_byte(uint64_t frame)
{
	return (uint8_t)(frame * 7 + 3);
}

static const struct err *payload_make(uint32_t type, uint64_t subject, struct buf_writer *w)
{
	struct vm_info info = {.vcpus = VCPUS, .max_frame = FRAMES - 1};
	struct snapshot_event event = {.event = (uint32_t)subject};
	struct vcpu vcpu = {.cr3 = 0x1000, .online = true};

	switch (type) {
	case RTVMM_RECORD_PAGE:
		memset(w->start + w->used_bytes, frame_byte(subject), RTVMM_FRAME_BYTES);
		w->used_bytes += RTVMM_FRAME_BYTES;
		return NULL;
	case RTVMM_RECORD_VCPU:
		return record_vcpu_encode(&vcpu, w);
	case RTVMM_RECORD_INFO:
		return record_info_encode(&info, w);
	case RTVMM_RECORD_SNAPSHOT:
		return record_snapshot_encode(&event, w);
	default:
		return NULL;
	}
}

/* Over the beginning of the record: its short form. Return: its length. */
static size_t shorten(const struct record_header *h, uint8_t *bytes)
{
	struct kept_record k = {
		.frame = h->subject, .counter = h->counter, .taken_ns = h->taken_ns};
	struct buf_writer w = buf_writer_over(bytes, WIRE_KEPT_BYTES);

	memcpy(k.tag, bytes + RTVMM_HEADER_BYTES, sizeof(k.tag));
	HOLDS(!record_kept_encode(&k, &w));
	return w.used_bytes;
}

static bool offered[256]; /* counters of the records that the VMM made */

/* Three bytes of script make one record, whole or in short form, and more a damaged one. */
static void record_make(struct input *in, bool tagged, struct buf_writer *out)
{
	static const uint32_t types[8] = {RTVMM_RECORD_PAGE,     RTVMM_RECORD_PAGE,
					  RTVMM_RECORD_NOT_RAM,  RTVMM_RECORD_VCPU,
					  RTVMM_RECORD_INFO,     RTVMM_RECORD_SNAPSHOT,
					  RTVMM_RECORD_SNAPSHOT, RTVMM_RECORD_CONFIRM};
	uint8_t what = input_u8(in), subject = input_u8(in), counter = input_u8(in);
	uint8_t bytes[WIRE_RECORD_BYTES_MAX] = {0};
	struct record_header h = {.magic = RTVMM_MAGIC, .version = RTVMM_VERSION};
	struct buf_writer head = buf_writer_over(bytes, RTVMM_HEADER_BYTES);
	struct buf_writer payload =
		buf_writer_over(bytes + WIRE_RECORD_HEAD_BYTES, RTVMM_FRAME_BYTES);

	h.type = types[what & 7];
	h.subject = h.type == RTVMM_RECORD_SNAPSHOT || h.type == RTVMM_RECORD_INFO ? 0 : subject;
	h.generation = what >> 3 & 3;
	h.session = identity.session;
	h.counter = counter;
	offered[counter] = true;
	memcpy(h.instance_id, identity.instance_id, RTVMM_ID_BYTES);
	memcpy(h.uuid, identity.uuid, RTVMM_ID_BYTES);
	memcpy(h.boot_id, identity.boot_id, RTVMM_ID_BYTES);
	memset(h.challenge, CHALLENGE, sizeof(h.challenge));
	HOLDS(!payload_make(h.type, subject, &payload));
	h.payload_bytes = (uint32_t)payload.used_bytes;
	HOLDS(!record_header_encode(&h, &head));
	if (tagged)
		HOLDS(vmm_peer_tag(key, h.counter, bytes, RTVMM_HEADER_BYTES,
				   bytes + WIRE_RECORD_HEAD_BYTES, h.payload_bytes,
				   bytes + RTVMM_HEADER_BYTES));
	size_t len = WIRE_RECORD_HEAD_BYTES + h.payload_bytes;
	if (what & 0x20)
		len = shorten(&h, bytes);
	if (what & 0x80) {
		size_t at = input_u16(in) % len;

		bytes[at] ^= input_u8(in);
	}
	if (what & 0x40)
		len = input_u16(in) % (len + 1);
	if (len <= out->size_bytes - out->used_bytes)
		HOLDS(!buf_write_bytes(out, bytes, len));
}

/* --- the script ------------------------------------------------------------------------------ */

/* The RECORDS message whose body is @w, as PACKED; where it says how long it is may be altered. */
static void packed_message(struct input *in, uint16_t request, const struct buf_writer *w,
			   struct buf_writer *out)
{
	static struct packer p;
	static uint8_t body[SCRIPT_BYTES];
	struct buf_writer packed = buf_writer_over(body, sizeof(body));
	const struct msg_records m = {
		.count = input_u8(in),
		.bytes = {w->start + 8, (uint32_t)(w->used_bytes - 8)}};
	struct msg_packed ret;
	uint8_t lie = input_u8(in);

	if (!pack_records(&p, &m, &ret))
		return;
	ret.unpacked_bytes += (uint32_t)(lie & 0x7f) << (lie & 0x80 ? 16 : 0);
	if (!msg_encode_packed(&ret, &packed))
		IGNORE(message_append(out, MSG_PACKED, request, body, packed.used_bytes));
}

static void records_message(struct input *in, bool tagged, bool packed, uint16_t request,
			    struct buf_writer *out)
{
	static uint8_t body[SCRIPT_BYTES];
	struct buf_writer w = buf_writer_over(body, sizeof(body));
	uint8_t count = input_u8(in);

	w.used_bytes = 8;
	for (unsigned i = 0; i < count % 80u && in->left_bytes; i++)
		record_make(in, tagged, &w);
	if (packed) {
		packed_message(in, request, &w, out);
		return;
	}
	struct buf_writer head = buf_writer_over(body, 8);
	HOLDS(!buf_write_u32(&head, count & 0x80 ? count : count % 80u));
	HOLDS(!buf_write_u32(&head, (uint32_t)(w.used_bytes - 8)));
	IGNORE(message_append(out, MSG_RECORDS, request, body, w.used_bytes));
}

static void script_build(struct input *in, bool tagged, uint16_t request, struct buf_writer *out)
{
	static const uint8_t zeros[256];

	while (in->left_bytes) {
		uint8_t what = input_u8(in);
		size_t got, len;
		const uint8_t *body;

		switch (what % 4) {
		case 0: /* any body */
			len = input_u16(in);
			body = input_view(in, len, &got);
			IGNORE(message_append(out, what / 4 % MSG_TYPES, request, body, got));
			break;
		case 1:
			records_message(in, tagged, what & 0x80, request, out);
			break;
		case 2:
			IGNORE(message_append(out, MSG_DONE, request++, zeros, 4));
			break;
		default:
			IGNORE(message_append(out, MSG_SNAPSHOT_DONE, request++, zeros, 24));
		}
	}
}

/* --- the client ------------------------------------------------------------------------------ */

/* Nothing of it can steer a terminal. */
static void check_plain(const char *text)
{
	for (; *text; text++)
		HOLDS(*text >= ' ' && *text <= '~');
}

static const struct err *list_visit(void *context, const struct msg_vm *vm)
{
	(void)context;
	check_plain(vm->name);
	check_plain(vm->backend);
	return NULL;
}

static void check_error(const struct err *e)
{
	HOLDS(!e || e->kind == ERR_PEER || e->kind == ERR_PROTO || e->kind == ERR_INTEGRITY ||
	      e->kind == ERR_RACE || e->kind == ERR_FAULT);
}

/* What readers get is what the VMM tagged. */
static void check_frame(struct session *s, uint64_t frame)
{
	const uint8_t *bytes;
	const struct err *e = s->frames.get(&s->frames, gfn(frame), &bytes);

	check_error(e);
	if (e || !s->verify.cipher)
		return;
	for (unsigned i = 0; i < FRAME_BYTES; i++)
		HOLDS(bytes[i] == frame_byte(frame));
}

static const struct err *use(struct session *s)
{
	const struct vcpu *vcpus;
	struct vm_info info;
	unsigned count;

	TRY(session_info(s, &info));
	TRY(session_vcpus(s, &vcpus, &count));
	HOLDS(count && count <= VCPUS_MAX);
	for (uint64_t i = 0; i < 16; i += 8)
		check_frame(s, i);
	TRY(session_snapshot(s, 1));
	HOLDS(s->generation && s->vcpu_count);
	for (uint64_t i = 0; i < 4; i++)
		check_frame(s, i);
	return session_snapshot(s, 1);
}

static const struct err *converse(struct session *s, uint8_t flags)
{
	struct opening o = {.session = s};
	const struct err *e;

	if (flags & FLAG_LIST)
		return link_list(&s->link, list_visit, NULL);
	if (flags & FLAG_OPENING) {
		e = opening_run(&o);
		handshake_deinit(&o.handshake);
		HOLDS(e || !s->verify.cipher == !(flags & FLAG_KEY));
	} else {
		e = verify_init(&s->verify, &identity, flags & FLAG_KEY ? key : NULL);
	}
	return e ? e : use(s);
}

/* Each counter at most once. */
static void check_counters(const struct session *s)
{
	uint64_t made = 0;

	for (unsigned i = 0; i < 256; i++)
		made += offered[i];
	HOLDS(s->verify.records <= made);
}

static void check_end(struct session *s)
{
	size_t written;
	const uint8_t *requests = memory_stream_written(&written);

	messages_check_whole(requests, written, TO_SERVER);
	if (s->verify.cipher)
		check_counters(s);
	check_plain(s->counters.remark);
}

static struct session *session_make(uint8_t flags, struct target_config *t)
{
	static struct session_profile profile = {.text = "format 1\n", .len_bytes = 9};
	struct session *s = calloc(1, sizeof(*s));

	HOLDS(s);
	*t = (struct target_config){.name = "web1", .vm = "web1", .timeout_ms = 5000, .compress = true};
	t->insecure_unverified = !(flags & FLAG_KEY);
	if (flags & FLAG_KEY)
		memcpy(t->vmm_key, key, sizeof(key));
	s->frames.get = session_get_frame;
	s->cache.pool = s->spare.pool = &s->pool;
	s->target = t;
	s->profile = flags & FLAG_PROFILE ? &profile : NULL;
	s->readahead = 8;
	s->link = (struct link){.target = t, .stream = {.fd = -1}};
	s->link.hello_pending = flags & FLAG_OPENING;
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static uint8_t script[SCRIPT_BYTES];
	struct buf_writer w = buf_writer_over(script, sizeof(script));
	struct input in = {bytes, len_bytes};
	uint8_t flags = input_u8(&in);
	struct target_config target;
	struct session *s = session_make(flags, &target);

	memset(offered, 0, sizeof(offered));
	if (flags & FLAG_AS_IS)
		HOLDS(!buf_write_bytes(&w, in.at,
				       in.left_bytes < sizeof(script) ? in.left_bytes
								      : sizeof(script)));
	else
		script_build(&in, flags & FLAG_KEY, flags & FLAG_OPENING ? input_u8(&in) : 1, &w);
	messages_check(script, w.used_bytes, TO_CLIENT);
	memory_stream_begin(script, w.used_bytes);
	const struct err *e = converse(s, flags);
	/* a VMM that tags, where none was expected: its key is missing in the targets file */
	if (!e || e->kind != ERR_USAGE || flags & FLAG_KEY)
		check_error(e);
	check_end(s);
	session_close(s);
	return 0;
}
