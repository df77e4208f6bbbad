/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checking VMM records. Input: attacker-controlled. */
#include "remotetrans/client/verify.h"

#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "remotetrans/base/check.h"
#include "remotetrans/client/framecache.h"

#define NONCE_BYTES 12 /* RFC 8439 section 2.8 */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

const struct err *verify_init(struct verify *v, const struct verify_identity *identity,
			      const uint8_t *key)
{
	*v = (struct verify){.identity = *identity};
	if (!key)
		return NULL;
	v->cipher = EVP_CIPHER_CTX_new();
	if (!v->cipher ||
	    EVP_DecryptInit_ex(v->cipher, EVP_chacha20_poly1305(), NULL, key, NULL) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL has no ChaCha20-Poly1305");
	return NULL;
}

void verify_deinit(struct verify *v)
{
	EVP_CIPHER_CTX_free(v->cipher); /* wipes the key */
	v->cipher = NULL;
}

/* ChaCha20-Poly1305 with empty plaintext; nonce = 0x00000000 || counter (rtvmm.h). */
static bool tag_holds(EVP_CIPHER_CTX *c, uint64_t counter, const uint8_t *tag,
		      struct buf_reader header, struct buf_reader payload)
{
	uint8_t nonce[NONCE_BYTES] = {0}, given[RTVMM_TAG_BYTES], none[1];
	int n;

	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(counter >> (8 * i));
	memcpy(given, tag, sizeof(given));
	if (EVP_DecryptInit_ex(c, NULL, NULL, NULL, nonce) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, sizeof(given), given) != 1 ||
	    EVP_DecryptUpdate(c, NULL, &n, header.at, (int)buf_reader_left(&header)) != 1)
		return false;
	if (buf_reader_left(&payload) &&
	    EVP_DecryptUpdate(c, NULL, &n, payload.at, (int)buf_reader_left(&payload)) != 1)
		return false;
	return EVP_DecryptFinal_ex(c, none, &n) == 1;
}

static bool is_zero(const uint8_t *bytes, size_t len_bytes)
{
	uint8_t any = 0;

	for (size_t i = 0; i < len_bytes; i++)
		any |= bytes[i];
	return !any;
}

static bool same_id(const uint8_t *a, const uint8_t *b)
{
	return memcmp(a, b, RTVMM_ID_BYTES) == 0;
}

static bool any_subject(const struct verify_expect *x, uint32_t type)
{
	return type <= RTVMM_RECORD_SNAPSHOT && x->any_subject & VERIFY_TYPE(type);
}

/* What a message calls the record: what it is if that was asked for, else what was asked for. */
static void name_record(const struct verify_expect *x, const struct record_header *h, char *ret,
			size_t size_bytes)
{
	uint32_t type = RTVMM_RECORD_CONFIRM;

	while (type < RTVMM_RECORD_SNAPSHOT && !(x->types & VERIFY_TYPE(type)))
		type++;
	if (h->type <= RTVMM_RECORD_SNAPSHOT && x->types & VERIFY_TYPE(h->type))
		type = h->type;
	record_name(type, any_subject(x, type) ? h->subject : x->subject, ret, size_bytes);
}

/* Everything but the tag. */
static const struct err *check_header(const struct verify *v, const struct verify_expect *x,
				      const struct record_header *h)
{
	const struct verify_identity *id = &v->identity;
	uint32_t payload_bytes = 0;
	bool known = record_payload_bytes(h->type, &payload_bytes);
	const struct {
		bool holds;
		const char *failure;
	} checks[] = {
		{CHECK(magic, h->magic == RTVMM_MAGIC), "not a VMM record (magic)"},
		{CHECK(version, h->version == RTVMM_VERSION),
		 "made by another version of the VMM core"},
		{CHECK(type, known && x->types & VERIFY_TYPE(h->type)),
		 "not the type of record asked for"},
		{CHECK(session, h->session == id->session), "from another session"},
		{CHECK(boot_id, same_id(h->boot_id, id->boot_id)), "from another boot of the VMM"},
		{CHECK(uuid, same_id(h->uuid, id->uuid)), "from another VM (UUID)"},
		{CHECK(instance_id, same_id(h->instance_id, id->instance_id)),
		 "from another instance: the VM was rebooted or replaced"},
		{CHECK(challenge,
		       CRYPTO_memcmp(h->challenge, x->challenge, RTVMM_CHALLENGE_BYTES) == 0),
		 "answers another challenge (replayed)"},
		{CHECK(subject, any_subject(x, h->type) || h->subject == x->subject),
		 "not the one asked for (swapped)"},
		{CHECK(generation, x->any_generation || h->generation == x->generation),
		 "not of this snapshot (generation)"},
		{CHECK(payload_bytes, h->payload_bytes == payload_bytes),
		 "payload of a wrong length"},
		{CHECK(zero, is_zero(h->zero, sizeof(h->zero))), "reserved bytes are not zero"},
		{CHECK(counter, !v->any_accepted || h->counter > v->counter),
		 "counter was used before (replayed or reordered)"},
	};
	char name[64];

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (checks[i].holds)
			continue;
		name_record(x, h, name, sizeof(name));
		return ERR_AT(ERR_INTEGRITY, h->subject, "%s: %s", name, checks[i].failure);
	}
	return NULL;
}

/* Untagged sessions have a zero tag. */
static bool tag_is_right(struct verify *v, const struct record_header *h, const uint8_t *tag,
			 struct buf_reader header, struct buf_reader payload)
{
	return v->cipher ? tag_holds(v->cipher, h->counter, tag, header, payload)
			 : is_zero(tag, RTVMM_TAG_BYTES);
}

static const struct err *tag_refused(const struct verify *v, const struct record_header *h)
{
	char name[64];

	record_name(h->type, h->subject, name, sizeof(name));
	return ERR_AT(ERR_INTEGRITY, h->subject, "%s: %s", name,
		      v->cipher ? "tag does not match: altered, or not made by this VMM"
				: "unexpected tag from a backend that cannot tag");
}

/* @h, whose tag is over @header and @payload: the last check of all. */
static const struct err *check_tag(struct verify *v, const struct record_header *h,
				   const uint8_t *tag, struct buf_reader header,
				   struct buf_reader payload, struct record *ret)
{
	if (!CHECK(tag, tag_is_right(v, h, tag, header, payload)))
		return tag_refused(v, h);
	v->counter = h->counter;
	v->any_accepted = true;
	v->records++;
	*ret = (struct record){.type = h->type,
			       .subject = h->subject,
			       .generation = h->generation,
			       .taken_ns = h->taken_ns,
			       .payload = payload.at,
			       .payload_bytes = h->payload_bytes};
	return NULL;
}

/* A header of this session, without what is of one record. */
static struct record_header header_of(const struct verify *v, uint32_t type,
				      const uint8_t *challenge)
{
	struct record_header h = {.magic = RTVMM_MAGIC,
				  .version = RTVMM_VERSION,
				  .type = type,
				  .session = v->identity.session};

	memcpy(h.instance_id, v->identity.instance_id, RTVMM_ID_BYTES);
	memcpy(h.uuid, v->identity.uuid, RTVMM_ID_BYTES);
	memcpy(h.boot_id, v->identity.boot_id, RTVMM_ID_BYTES);
	memcpy(h.challenge, challenge, RTVMM_CHALLENGE_BYTES);
	return h;
}

/* The header that the VMM tagged if this is what was asked for. */
static struct record_header kept_header(const struct verify *v, const struct verify_expect *x,
					const struct kept_record *k)
{
	struct record_header h = header_of(v, RTVMM_RECORD_PAGE, x->challenge);

	h.payload_bytes = RTVMM_FRAME_BYTES;
	h.counter = k->counter;
	h.subject = k->frame;
	h.generation = x->generation;
	h.taken_ns = k->taken_ns;
	return h;
}

static const struct err *take_kept(struct verify *v, const struct verify_expect *x,
				   struct buf_reader *r, struct record *ret)
{
	const struct framecache_entry *e = NULL;
	uint8_t bytes[RTVMM_HEADER_BYTES];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	struct buf_reader page = buf_reader_over(NULL, 0);
	struct kept_record k;

	TRY(record_kept_decode(r, &k));
	if (x->kept)
		e = framecache_find(x->kept, gfn(k.frame));
	if (!CHECK(kept, e && e->page))
		return ERR_AT(ERR_INTEGRITY, k.frame,
			      "frame 0x%llx: said to be as before, but it was not there before",
			      (unsigned long long)k.frame);
	if (e && e->page)
		page = buf_reader_over(e->page->bytes, FRAME_BYTES);
	struct record_header h = kept_header(v, x, &k);
	TRY(check_header(v, x, &h));
	TRY(record_header_encode(&h, &w));
	TRY(check_tag(v, &h, k.tag, buf_reader_over(bytes, sizeof(bytes)), page, ret));
	ret->is_kept = true;
	return NULL;
}

static const struct err *take_record(struct verify *v, const struct verify_expect *x,
				     struct buf_reader *r, struct record *ret)
{
	struct buf_reader header = *r;
	struct record_header h;
	const uint8_t *tag, *payload;

	TRY(record_header_decode(r, &h));
	header.end = r->at;
	TRY(buf_read_view(r, RTVMM_TAG_BYTES, &tag));
	TRY(check_header(v, x, &h));
	TRY(buf_read_view(r, h.payload_bytes, &payload));
	return check_tag(v, &h, tag, header, buf_reader_over(payload, h.payload_bytes), ret);
}

const struct err *verify_record(struct verify *v, const struct verify_expect *expect,
				struct buf_reader *r, struct record *ret)
{
	uint64_t before_ns = now_ns();
	const struct err *e =
		record_is_kept(*r) ? take_kept(v, expect, r, ret) : take_record(v, expect, r, ret);

	v->spent_ns += now_ns() - before_ns;
	return e;
}

const struct err *verify_confirm(struct verify *v, const uint8_t *challenge, const uint8_t *tag)
{
	struct record_header h = header_of(v, RTVMM_RECORD_CONFIRM, challenge);
	uint8_t bytes[RTVMM_HEADER_BYTES];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));

	TRY(record_header_encode(&h, &w));
	if (!CHECK(confirm, tag_is_right(v, &h, tag, buf_reader_over(bytes, sizeof(bytes)),
					 buf_reader_over(bytes, 0))))
		return tag_refused(v, &h);
	v->any_accepted = true; /* counter 0 is used up */
	v->counter = 0;
	return NULL;
}
