/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log. Input: attacker-controlled. */
#include "transcall/kobj/printk.h"

#include <string.h>

#define BITS_MAX        24u /* 16 Mi records, 16 MiB of text: CONFIG_LOG_BUF_SHIFT is at most 25 */
#define ID_BITS         62u /* DESC_FLAGS_SHIFT: the two above are the state */
#define ID_MASK         ((UINT64_C(1) << ID_BITS) - 1)
#define STATE_FINALIZED 2u /* enum desc_state */
#define LPOS_DATALESS   1u
#define LOG_CONT        8u /* enum printk_info_flags */
#define BLOCK_ID_BYTES  8u /* struct prb_data_block */

static const struct err *bits_read(const struct kernel *k, gva_t ring, enum field_id id,
				   unsigned *ret)
{
	uint64_t bits;

	TRY(kfield_uint(k, ring, id, &bits));
	if (bits == 0 || bits > BITS_MAX)
		return ERR_AT(ERR_RACE, ring.v, "a log of 2^%u", (unsigned)bits);
	*ret = (unsigned)bits;
	return NULL;
}

const struct err *printk_iter_init(struct printk_iter *it, const struct kernel *k)
{
	uint64_t head;

	TRY(kread_ptr(k, kernel_symbol(k, S_prb), &it->ring));
	TRY(bits_read(k, it->ring, F_printk_ringbuffer_count_bits, &it->count_bits));
	TRY(bits_read(k, it->ring, F_printk_ringbuffer_size_bits, &it->size_bits));
	TRY(kfield_ptr(k, it->ring, F_printk_ringbuffer_descs, &it->descs));
	TRY(kfield_ptr(k, it->ring, F_printk_ringbuffer_infos, &it->infos));
	TRY(kfield_ptr(k, it->ring, F_printk_ringbuffer_data, &it->data));
	TRY(kfield_uint(k, it->ring, F_printk_ringbuffer_tail_id, &it->id));
	TRY(kfield_uint(k, it->ring, F_printk_ringbuffer_head_id, &head));
	it->left = ((head - it->id) & ID_MASK) + 1;
	if (it->left > UINT64_C(1) << it->count_bits)
		return ERR_AT(ERR_RACE, it->ring.v, "a log of more records than it has room for");
	return NULL;
}

/* The text of a record is the bytes of its block behind the id; a block never wraps around. */
static const struct err *text_read(const struct printk_iter *it, const struct kernel *k,
				   uint64_t begin, uint64_t next, struct printk_record *ret)
{
	uint64_t size = UINT64_C(1) << it->size_bits, mask = size - 1;
	uint64_t from = begin & mask, to = next & mask;

	if ((begin | next) & LPOS_DATALESS) {
		ret->len_bytes = 0;
		return NULL;
	}
	if (begin >> it->size_bits != next >> it->size_bits && to)
		from = 0; /* it did not fit behind @begin */
	else if (!to)
		to = size;
	if (to < from || to - from < BLOCK_ID_BYTES)
		return ERR_AT(ERR_RACE, it->ring.v, "a record of the log that cannot be");
	if (ret->len_bytes > to - from - BLOCK_ID_BYTES)
		ret->len_bytes = (uint32_t)(to - from - BLOCK_ID_BYTES);
	if (ret->len_bytes > sizeof(ret->text))
		ret->len_bytes = sizeof(ret->text);
	return kread(k, gva_add(it->data, from + BLOCK_ID_BYTES), ret->text, ret->len_bytes);
}

static const struct err *info_read(const struct kernel *k, gva_t info, struct printk_record *ret)
{
	uint64_t len, facility, flags, level;

	TRY(kfield_uint(k, info, F_printk_info_seq, &ret->seq));
	TRY(kfield_uint(k, info, F_printk_info_ts_nsec, &ret->ts_ns));
	TRY(kfield_uint(k, info, F_printk_info_text_len, &len));
	TRY(kfield_uint(k, info, F_printk_info_facility, &facility));
	TRY(kfield_uint(k, info, F_printk_info_flags, &flags));
	TRY(kfield_uint(k, info, F_printk_info_level, &level));
	ret->len_bytes = (uint32_t)len;
	ret->facility = (uint8_t)facility;
	ret->level = (uint8_t)level;
	ret->is_continued = flags & LOG_CONT;
	TRY(kfield_str(k, info, F_printk_info_subsystem, ret->subsystem, sizeof(ret->subsystem)));
	return kfield_str(k, info, F_printk_info_device, ret->device, sizeof(ret->device));
}

/* *@ret_there: the descriptor of @id is one of a whole record. */
static const struct err *record_read(const struct printk_iter *it, const struct kernel *k,
				     uint64_t id, struct printk_record *ret, bool *ret_there)
{
	uint64_t index = id & ((UINT64_C(1) << it->count_bits) - 1), state, begin, next;
	gva_t desc = gva_add(it->descs, index * k->profile->sizes[SIZE_prb_desc]);

	TRY(kfield_uint(k, desc, F_prb_desc_state, &state));
	*ret_there = state == (id | (uint64_t)STATE_FINALIZED << ID_BITS);
	if (!*ret_there)
		return NULL;
	TRY(kfield_uint(k, desc, F_prb_desc_begin, &begin));
	TRY(kfield_uint(k, desc, F_prb_desc_next, &next));
	TRY(info_read(k, gva_add(it->infos, index * k->profile->sizes[SIZE_printk_info]), ret));
	return text_read(it, k, begin, next, ret);
}

const struct err *printk_iter_next(struct printk_iter *it, const struct kernel *k,
				   struct printk_record *ret, bool *ret_end)
{
	bool there = false;

	while (it->left && !there) {
		uint64_t id = it->id & ID_MASK;

		it->id++;
		it->left--;
		TRY(record_read(it, k, id, ret, &there));
	}
	*ret_end = !there;
	return NULL;
}

const struct err *printk_clear_seq(const struct kernel *k, uint64_t *ret)
{
	gva_t at = kernel_symbol(k, S_clear_seq);
	uint64_t sequence;

	if (!profile_has(k->profile, F_latched_seq_val))
		return kread_u64(k, at, ret);
	TRY(kfield_uint(k, at, F_latched_seq_sequence, &sequence));
	at = gva_add(kfield_at(k, at, F_latched_seq_val), sequence % 2 * sizeof(*ret));
	return kread_u64(k, at, ret);
}
