/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters of the network. Input: attacker-controlled. */
#include "transcall/kobj/mib.h"

#include "transcall/kobj/kallsyms.h"

#define ENTRY_BYTES 16 /* struct snmp_mib: a pointer, an int */
#define NAMES_MAX   1024
#define ENTRIES_MAX 1024

const struct err *mib_iter_init(struct mib_iter *it, const struct kernel *k, enum symbol_id list)
{
	uint64_t bytes;

	it->next = kernel_symbol(k, list);
	if (gva_is_null(it->next))
		return ERR(ERR_ABSENT, "the guest's kernel does not count that");
	TRY(kallsyms_size(k, it->next, &bytes));
	if (bytes > NAMES_MAX * ENTRY_BYTES)
		bytes = NAMES_MAX * ENTRY_BYTES;
	it->end = gva_add(it->next, bytes / ENTRY_BYTES * ENTRY_BYTES);
	return NULL;
}

/* An entry without a name ends older lists; newer ones have none. */
const struct err *mib_iter_next(struct mib_iter *it, const struct kernel *k,
				char ret_name[static MIB_NAME_BYTES], uint32_t *ret_entry)
{
	gva_t name;

	*ret_name = 0;
	if (gva_equal(it->next, it->end))
		return NULL;
	TRY(kread_ptr(k, it->next, &name));
	if (gva_is_null(name))
		return NULL;
	TRY(kread_u32(k, gva_add(it->next, 8), ret_entry));
	TRY(kread_str(k, name, ret_name, MIB_NAME_BYTES));
	if (*ret_entry >= ENTRIES_MAX)
		return ERR_AT(ERR_RACE, it->next.v, "counter number %u", *ret_entry);
	it->next = gva_add(it->next, ENTRY_BYTES);
	return NULL;
}

const struct err *mib_sum(const struct kernel *k, gva_t counters, uint32_t entry, uint64_t *ret)
{
	uint64_t part;

	*ret = 0;
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		TRY(kread_u64(k, gva_add(counters, k->percpu_base[cpu] + 8 * (uint64_t)entry),
			      &part));
		*ret += part;
	}
	return NULL;
}
