/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A TCG event log. Input: attacker-controlled. */
#include "remotetrans/attest/eventlog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/base/buf.h"
#include "vmm/include/rtlaunch.h"

#define ALG_SHA256   0x000bu /* TPM_ALG_ID */
#define ALGS_MAX     16u
#define SHA1_BYTES   20u
#define EV_NO_ACTION 0x00000003u

static const char spec_id[16] = "Spec ID Event03";
static const char startup[16] = "StartupLocality";

/* What the first record says of those that follow: TCG_EfiSpecIDEvent. */
struct algorithms {
	unsigned count;
	uint16_t id[ALGS_MAX], digest_bytes[ALGS_MAX];
};

/* --- the first record --------------------------------------------------------------------------
 */

static const struct err *algorithms_read(struct buf_reader *r, struct algorithms *ret)
{
	uint32_t count;

	TRY(buf_read_u32(r, &count));
	if (count > ALGS_MAX)
		return ERR(ERR_PROTO, "the log has %u digest algorithms", count);
	for (unsigned i = 0; i < count; i++) {
		TRY(buf_read_u16(r, &ret->id[i]));
		TRY(buf_read_u16(r, &ret->digest_bytes[i]));
		if (ret->id[i] == ALG_SHA256 && ret->digest_bytes[i] != EVENTLOG_DIGEST)
			return ERR(ERR_PROTO, "the log says that SHA-256 has %u bytes",
				   ret->digest_bytes[i]);
	}
	ret->count = count;
	return NULL;
}

static const struct err *spec_read(const uint8_t *data, uint32_t data_bytes, struct algorithms *ret)
{
	struct buf_reader r = buf_reader_over(data, data_bytes);
	const uint8_t *signature;
	uint8_t vendor_bytes;

	TRY(buf_read_view(&r, sizeof(spec_id), &signature));
	if (memcmp(signature, spec_id, sizeof(spec_id)) != 0)
		return ERR(ERR_PROTO, "the log does not begin with 'Spec ID Event03'");
	TRY(buf_skip(&r, 4 + 4)); /* platform class; version, errata, size of UINTN */
	TRY(algorithms_read(&r, ret));
	TRY(buf_read_u8(&r, &vendor_bytes));
	TRY(buf_skip(&r, vendor_bytes));
	return buf_reader_end(&r);
}

/* TCG_PCR_EVENT */
static const struct err *first_read(struct buf_reader *r, struct algorithms *ret)
{
	uint32_t pcr, type, data_bytes;
	const uint8_t *data;

	TRY(buf_read_u32(r, &pcr));
	TRY(buf_read_u32(r, &type));
	TRY(buf_skip(r, SHA1_BYTES));
	TRY(buf_read_u32(r, &data_bytes));
	TRY(buf_read_view(r, data_bytes, &data));
	if (pcr != 0 || type != EV_NO_ACTION)
		return ERR(ERR_PROTO, "the log does not begin with an EV_NO_ACTION on PCR 0");
	return spec_read(data, data_bytes, ret);
}

/* --- the others --------------------------------------------------------------------------------
 */

static const struct err *digest_len(const struct algorithms *algs, uint16_t id, size_t *ret)
{
	for (unsigned i = 0; i < algs->count; i++)
		if (algs->id[i] == id) {
			*ret = algs->digest_bytes[i];
			return NULL;
		}
	return ERR(ERR_PROTO,
		   "an event with a digest of algorithm 0x%04x, which the log's "
		   "beginning does not name",
		   id);
}

static const struct err *digests_read(struct buf_reader *r, const struct algorithms *algs,
				      const uint8_t **ret)
{
	const uint8_t *digest;
	uint32_t count;
	size_t len_bytes;
	uint16_t id;

	*ret = NULL;
	TRY(buf_read_u32(r, &count));
	if (count > ALGS_MAX)
		return ERR(ERR_PROTO, "an event with %u digests", count);
	while (count--) {
		TRY(buf_read_u16(r, &id));
		TRY(digest_len(algs, id, &len_bytes));
		TRY(buf_read_view(r, len_bytes, &digest));
		if (id == ALG_SHA256 && *ret)
			return ERR(ERR_PROTO, "an event with two digests of SHA-256");
		if (id == ALG_SHA256)
			*ret = digest;
	}
	return *ret ? NULL : ERR(ERR_PROTO, "an event without a digest of SHA-256");
}

/* TCG_PCR_EVENT2 */
static const struct err *event_read(struct buf_reader *r, const struct algorithms *algs,
				    struct event *ret)
{
	TRY(buf_read_u32(r, &ret->pcr));
	TRY(buf_read_u32(r, &ret->type));
	TRY(digests_read(r, algs, &ret->digest));
	TRY(buf_read_u32(r, &ret->data_bytes));
	TRY(buf_read_view(r, ret->data_bytes, &ret->data));
	if (ret->pcr >= EVENTLOG_PCRS && ret->type != EV_NO_ACTION)
		return ERR(ERR_PROTO, "an event on PCR %u", ret->pcr);
	return NULL;
}

/* TCG_EfiStartupLocalityEvent; it is not hashed, but a false one leads to a false PCR 0. */
static void locality_look(struct eventlog *l, const struct event *e)
{
	if (e->type == EV_NO_ACTION && e->pcr == 0 && e->data_bytes == sizeof(startup) + 1 &&
	    memcmp(e->data, startup, sizeof(startup)) == 0)
		l->locality = e->data[sizeof(startup)];
}

static const struct err *events_read(struct buf_reader *r, const struct algorithms *algs,
				     struct eventlog *ret)
{
	while (buf_reader_left(r)) {
		if (ret->count == EVENTLOG_EVENTS_MAX)
			return ERR(ERR_PROTO, "the log has more than %u events",
				   EVENTLOG_EVENTS_MAX);
		const struct err *e = event_read(r, algs, &ret->events[ret->count]);
		if (e)
			return ERR(ERR_PROTO, "event %u: %s", ret->count + 1, e->message);
		locality_look(ret, &ret->events[ret->count++]);
	}
	return NULL;
}

const struct err *eventlog_read(const uint8_t *bytes, size_t len_bytes, struct eventlog *ret)
{
	struct buf_reader r = buf_reader_over(bytes, len_bytes);
	struct algorithms algs = {0};
	struct eventlog l = {0};

	TRY(first_read(&r, &algs));
	l.events = calloc(EVENTLOG_EVENTS_MAX, sizeof(*l.events));
	if (!l.events)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "event log");
	const struct err *e = events_read(&r, &algs, &l);
	if (e)
		eventlog_deinit(&l);
	else
		*ret = l;
	return e;
}

void eventlog_deinit(struct eventlog *l)
{
	free(l->events);
	*l = (struct eventlog){0};
}

const struct event *eventlog_next(const struct eventlog *l, uint32_t pcr, unsigned *at)
{
	while (*at < l->count) {
		const struct event *e = &l->events[(*at)++];

		if (e->pcr == pcr && e->type != EV_NO_ACTION)
			return e;
	}
	return NULL;
}

const struct err *eventlog_replay(const struct eventlog *l, uint32_t pcr,
				  uint8_t ret[EVENTLOG_DIGEST])
{
	const struct event *e;
	unsigned at = 0;

	memset(ret, 0, EVENTLOG_DIGEST);
	if (pcr == 0)
		ret[EVENTLOG_DIGEST - 1] = l->locality;
	while ((e = eventlog_next(l, pcr, &at)))
		TRY(digest_extend(ret, e->digest));
	return NULL;
}

bool event_is_separator(const struct event *e)
{
	static const uint8_t of_zeros[EVENTLOG_DIGEST] = {
		0xdf, 0x3f, 0x61, 0x98, 0x04, 0xa9, 0x2f, 0xdb, 0x40, 0x57, 0x19,
		0x2d, 0xc4, 0x3d, 0xd7, 0x48, 0xea, 0x77, 0x8a, 0xdc, 0x52, 0xbc,
		0x49, 0x8c, 0xe8, 0x05, 0x24, 0xc0, 0x14, 0xb8, 0x11, 0x19};

	return e->type == RTLAUNCH_SEPARATOR && memcmp(e->digest, of_zeros, sizeof(of_zeros)) == 0;
}

bool event_data_counts(const struct event *e)
{
	uint8_t digest[EVENTLOG_DIGEST];
	const struct err *failed = digest_bytes(e->data, e->data_bytes, digest);

	return !failed && memcmp(digest, e->digest, sizeof(digest)) == 0;
}
