/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ORC tables (arch/x86/kernel/unwind_orc.c). Input: attacker-controlled. */
#include "transcall/kobj/orc.h"

#include "remotetrans/base/buf.h"
#include "transcall/kobj/module.h"

#define BLOCK_BYTES       256 /* LOOKUP_BLOCK_SIZE, arch/x86/include/asm/orc_lookup.h */
#define ENTRY_BYTES       6   /* struct orc_entry, packed; the same since 4.14 */
#define BLOCK_ENTRIES_MAX 4096
#define SP_NEW            3 /* ORC_REG_SP since 6.16; 5 before */
#define REGISTERS         16

/* Addresses and entries, of the image or of a module; those for an address are in [low, high). */
struct table {
	gva_t ips, entries;
	uint32_t low, high;
};

/* The packed members. */
struct packed {
	int16_t sp_offset, bp_offset;
	unsigned sp_reg, bp_reg, type;
	bool signal;
};

/* arch/x86/include/asm/orc_types.h: ORC_REG_*, which were numbered anew in 6.16 */
static const enum orc_base registers_old[REGISTERS] = {
	[1] = ORC_BASE_PREVIOUS_SP, [2] = ORC_BASE_OTHER,       [3] = ORC_BASE_OTHER,
	[4] = ORC_BASE_BP,          [5] = ORC_BASE_SP,          [6] = ORC_BASE_OTHER,
	[7] = ORC_BASE_OTHER,       [8] = ORC_BASE_BP_INDIRECT, [9] = ORC_BASE_SP_INDIRECT,
};
static const enum orc_base registers_new[REGISTERS] = {
	[1] = ORC_BASE_OTHER,        [2] = ORC_BASE_OTHER,       [3] = ORC_BASE_SP,
	[4] = ORC_BASE_BP,           [5] = ORC_BASE_OTHER,       [6] = ORC_BASE_OTHER,
	[7] = ORC_BASE_OTHER,        [8] = ORC_BASE_PREVIOUS_SP, [9] = ORC_BASE_SP_INDIRECT,
	[10] = ORC_BASE_BP_INDIRECT,
};

static const struct err *entry_count(const struct kernel *k, uint32_t *ret)
{
	gva_t start = kernel_symbol(k, S___start_orc_unwind_ip);
	uint64_t count = (kernel_symbol(k, S___stop_orc_unwind_ip).v - start.v) / 4;

	if (count > INT32_MAX)
		return ERR(ERR_PROFILE, "ORC tables without an end");
	*ret = (uint32_t)count;
	return NULL;
}

/* Those for the 256 bytes of code that @ip is in, and the one before. */
static const struct err *image_table(const struct kernel *k, gva_t ip, struct table *ret)
{
	gva_t lookup = kernel_symbol(k, S_orc_lookup);
	uint64_t blocks = (kernel_symbol(k, S_orc_lookup_end).v - lookup.v) / 4;
	uint64_t block = (ip.v - kernel_symbol(k, S__stext).v) / BLOCK_BYTES;
	uint32_t count;

	TRY(entry_count(k, &count));
	if (block + 1 >= blocks)
		return ERR_AT(ERR_ABSENT, ip.v, "no ORC entry for this address");
	ret->ips = kernel_symbol(k, S___start_orc_unwind_ip);
	ret->entries = kernel_symbol(k, S___start_orc_unwind);
	TRY(kread_u32(k, gva_add(lookup, 4 * block), &ret->low));
	TRY(kread_u32(k, gva_add(lookup, 4 * block + 4), &ret->high));
	ret->high += 1;
	if (ret->low >= count || ret->high > count || ret->high <= ret->low ||
	    ret->high - ret->low > BLOCK_ENTRIES_MAX)
		return ERR_AT(ERR_FAULT, ip.v, "an ORC lookup table that leads nowhere");
	return NULL;
}

/* orc_module_find() */
static const struct err *module_table(const struct kernel *k, gva_t ip, struct table *ret)
{
	uint64_t count;
	gva_t module;

	TRY(module_of_text(k, ip, &module));
	if (gva_is_null(module))
		return ERR_AT(ERR_ABSENT, ip.v, "no ORC entry for this address");
	TRY(kfield_uint(k, module, F_module_num_orcs, &count));
	TRY(kfield_ptr(k, module, F_module_orc_unwind_ip, &ret->ips));
	TRY(kfield_ptr(k, module, F_module_orc_unwind, &ret->entries));
	if (!count || count > INT32_MAX)
		return ERR_AT(ERR_ABSENT, ip.v, "a module without ORC entries");
	ret->low = 0;
	ret->high = (uint32_t)count;
	return NULL;
}

static const struct err *table_find(const struct kernel *k, gva_t ip, struct table *ret)
{
	if (ip.v >= kernel_symbol(k, S__stext).v && ip.v < kernel_symbol(k, S__etext).v)
		return image_table(k, ip, ret);
	return module_table(k, ip, ret);
}

/* __orc_find(): the last entry whose address, relative to itself, is not above @ip. */
static const struct err *index_find(const struct kernel *k, const struct table *t, gva_t ip,
				    uint32_t *ret)
{
	uint32_t low = t->low, high = t->high;

	*ret = low;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2, raw;
		gva_t at = gva_add(t->ips, 4 * (uint64_t)middle);

		TRY(kread_u32(k, at, &raw));
		if (at.v + (uint64_t)(int64_t)(int32_t)raw <= ip.v) {
			*ret = middle;
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return NULL;
}

static const struct err *entry_read(const struct kernel *k, gva_t ip, struct packed *ret)
{
	const struct field *type = &k->profile->fields[F_orc_entry_type];
	const struct field *signal = &k->profile->fields[F_orc_entry_signal];
	uint16_t sp_offset, bp_offset, rest;
	uint8_t bytes[ENTRY_BYTES];
	struct table table;
	uint32_t index;

	TRY(table_find(k, ip, &table));
	TRY(index_find(k, &table, ip, &index));
	TRY(kread(k, gva_add(table.entries, ENTRY_BYTES * (uint64_t)index), bytes, sizeof(bytes)));
	struct buf_reader r = buf_reader_over(bytes, sizeof(bytes));
	TRY(buf_read_u16(&r, &sp_offset));
	TRY(buf_read_u16(&r, &bp_offset));
	TRY(buf_read_u16(&r, &rest));
	ret->sp_offset = (int16_t)sp_offset;
	ret->bp_offset = (int16_t)bp_offset;
	ret->sp_reg = rest & 15;
	ret->bp_reg = rest >> 4 & 15;
	ret->type = (unsigned)rest >> type->bit_offset & ((1u << type->bit_size) - 1);
	ret->signal = signal->bit_size && rest >> signal->bit_offset & 1;
	return NULL;
}

/* How are registers numbered? At the first instruction of a function, the offset is from SP. */
static const struct err *numbering(const struct kernel *k, const enum orc_base **ret)
{
	struct packed entry;

	TRY(entry_read(k, kernel_symbol(k, S_schedule), &entry));
	*ret = entry.sp_reg == SP_NEW ? registers_new : registers_old;
	return NULL;
}

/* Types: CALL, REGS, REGS_PARTIAL; since 6.4 after UNDEFINED and END_OF_STACK. */
static enum orc_frame frame_of(const struct kernel *k, const struct packed *entry)
{
	bool wide = k->profile->fields[F_orc_entry_type].bit_size > 2;
	unsigned call = wide ? 2 : 0;

	if (entry->type < call || entry->sp_reg == 0 || entry->type > call + 2)
		return ORC_FRAME_END;
	return ORC_FRAME_CALL + (entry->type - call);
}

const struct err *orc_find(const struct kernel *k, gva_t ip, struct orc_entry *ret)
{
	const enum orc_base *registers;
	struct packed entry;

	TRY(entry_read(k, ip, &entry));
	TRY(numbering(k, &registers));
	ret->frame = frame_of(k, &entry);
	ret->sp_base = registers[entry.sp_reg];
	ret->bp_base = registers[entry.bp_reg];
	ret->sp_offset = entry.sp_offset;
	ret->bp_offset = entry.bp_offset;
	ret->signal = entry.signal;
	return NULL;
}
