/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers and names of VMM records. Input: attacker-controlled until verify has seen it. */
#include "remotetrans/wire/record.h"

#include <stdio.h>
#include <string.h>

#include "remotetrans/wire/msg.h"

const struct err *record_header_decode(struct buf_reader *r, struct record_header *ret)
{
	const uint8_t *bytes;

	TRY(buf_read_view(r, RTVMM_HEADER_BYTES, &bytes));
	struct buf_reader h = buf_reader_over(bytes, RTVMM_HEADER_BYTES);
	TRY(buf_read_u32(&h, &ret->magic));
	TRY(buf_read_u32(&h, &ret->version));
	TRY(buf_read_u32(&h, &ret->type));
	TRY(buf_read_u32(&h, &ret->payload_bytes));
	TRY(buf_read_bytes(&h, ret->instance_id, sizeof(ret->instance_id)));
	TRY(buf_read_bytes(&h, ret->uuid, sizeof(ret->uuid)));
	TRY(buf_read_bytes(&h, ret->boot_id, sizeof(ret->boot_id)));
	TRY(buf_read_u64(&h, &ret->session));
	TRY(buf_read_u64(&h, &ret->counter));
	TRY(buf_read_bytes(&h, ret->challenge, sizeof(ret->challenge)));
	TRY(buf_read_u64(&h, &ret->subject));
	TRY(buf_read_u64(&h, &ret->generation));
	TRY(buf_read_u64(&h, &ret->taken_ns));
	TRY(buf_read_bytes(&h, ret->zero, sizeof(ret->zero)));
	return buf_reader_end(&h);
}

const struct err *record_header_encode(const struct record_header *h, struct buf_writer *w)
{
	TRY(buf_write_u32(w, h->magic));
	TRY(buf_write_u32(w, h->version));
	TRY(buf_write_u32(w, h->type));
	TRY(buf_write_u32(w, h->payload_bytes));
	TRY(buf_write_bytes(w, h->instance_id, sizeof(h->instance_id)));
	TRY(buf_write_bytes(w, h->uuid, sizeof(h->uuid)));
	TRY(buf_write_bytes(w, h->boot_id, sizeof(h->boot_id)));
	TRY(buf_write_u64(w, h->session));
	TRY(buf_write_u64(w, h->counter));
	TRY(buf_write_bytes(w, h->challenge, sizeof(h->challenge)));
	TRY(buf_write_u64(w, h->subject));
	TRY(buf_write_u64(w, h->generation));
	TRY(buf_write_u64(w, h->taken_ns));
	return buf_write_bytes(w, h->zero, sizeof(h->zero));
}

/* --- the short form ---------------------------------------------------------------------- */

#define KEPT_MAGIC 0x5054524bu /* "KRTP": no RTVMM_MAGIC */

bool record_is_kept(struct buf_reader r)
{
	uint32_t magic = 0;

	return !buf_read_u32(&r, &magic) && magic == KEPT_MAGIC;
}

const struct err *record_kept_decode(struct buf_reader *r, struct kept_record *ret)
{
	const uint8_t *bytes;

	TRY(buf_read_view(r, WIRE_KEPT_BYTES, &bytes));
	struct buf_reader k = buf_reader_over(bytes, WIRE_KEPT_BYTES);
	TRY(buf_skip(&k, sizeof(uint32_t))); /* record_is_kept() */
	TRY(buf_read_u64(&k, &ret->frame));
	TRY(buf_read_u64(&k, &ret->counter));
	TRY(buf_read_u64(&k, &ret->taken_ns));
	TRY(buf_read_bytes(&k, ret->tag, sizeof(ret->tag)));
	return buf_reader_end(&k);
}

const struct err *record_kept_encode(const struct kept_record *k, struct buf_writer *w)
{
	TRY(buf_write_u32(w, KEPT_MAGIC));
	TRY(buf_write_u64(w, k->frame));
	TRY(buf_write_u64(w, k->counter));
	TRY(buf_write_u64(w, k->taken_ns));
	return buf_write_bytes(w, k->tag, sizeof(k->tag));
}

/* --- types ------------------------------------------------------------------------------- */

struct type_row {
	const char *name;
	bool is_numbered; /* by its subject */
	uint32_t payload_bytes;
};

static const struct type_row types[] = {
	[RTVMM_RECORD_CONFIRM] = {"key confirmation", false, 0},
	[RTVMM_RECORD_PAGE] = {"frame", true, RTVMM_FRAME_BYTES},
	[RTVMM_RECORD_NOT_RAM] = {"frame", true, 0},
	[RTVMM_RECORD_VCPU] = {"registers of vCPU", true, sizeof(struct rtvmm_vcpu)},
	[RTVMM_RECORD_INFO] = {"info record", false, sizeof(struct rtvmm_info)},
	[RTVMM_RECORD_SNAPSHOT] = {"snapshot record", false, sizeof(struct rtvmm_snapshot)},
};

static const struct type_row *type_row(uint32_t type)
{
	if (type >= sizeof(types) / sizeof(types[0]) || !types[type].name)
		return NULL;
	return &types[type];
}

void record_name(uint32_t type, uint64_t subject, char *ret, size_t size_bytes)
{
	const struct type_row *row = type_row(type);

	if (!row)
		snprintf(ret, size_bytes, "record of unknown type %u", type);
	else if (row->is_numbered)
		snprintf(ret, size_bytes, "%s 0x%llx", row->name, (unsigned long long)subject);
	else
		snprintf(ret, size_bytes, "%s", row->name);
}

bool record_payload_bytes(uint32_t type, uint32_t *ret)
{
	const struct type_row *row = type_row(type);

	if (row)
		*ret = row->payload_bytes;
	return row != NULL;
}
