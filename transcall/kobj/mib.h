/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mib - the network's counters by name (struct snmp_mib, include/net/snmp.h). */
#ifndef TC_KOBJ_MIB_H
#define TC_KOBJ_MIB_H

#include "transcall/kobj/kernel.h"

#define MIB_NAME_BYTES 64

/* Walk over a kernel's list of names, which says where each counter lies. */
struct mib_iter {
	gva_t next, end;
};

/* @list: symbol of an array of struct snmp_mib. Return: NULL; ABSENT: this kernel has none; ... */
MUST_CHECK const struct err *mib_iter_init(struct mib_iter *it, const struct kernel *k,
					   enum symbol_id list);
/* @ret_name: empty at the end; @ret_entry: index of the counter. */
MUST_CHECK const struct err *mib_iter_next(struct mib_iter *it, const struct kernel *k,
					   char ret_name[static MIB_NAME_BYTES],
					   uint32_t *ret_entry);

/* Sum of counter @entry over all CPUs; @counters: their per-CPU address. */
MUST_CHECK const struct err *mib_sum(const struct kernel *k, gva_t counters, uint32_t entry,
				     uint64_t *ret);

#endif
