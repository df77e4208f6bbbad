/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kallsyms - names of kernel addresses, from the guest's own symbol tables and its modules'. */
#ifndef TC_KOBJ_KALLSYMS_H
#define TC_KOBJ_KALLSYMS_H

#include "transcall/kobj/kernel.h"

#define KALLSYMS_NAME_BYTES 512 /* KSYM_NAME_LEN; 128 until 6.0 */

/**
 * kallsyms_name() - lookup_symbol_name(): the symbol that @address is in
 * @ret: out: NUL-terminated, cut to @size_bytes - 1
 *
 * Return: NULL; ABSENT: no symbol; FAULT; RACE; fatal.
 */
MUST_CHECK const struct err *kallsyms_name(const struct kernel *k, gva_t address, char *ret,
					   size_t size_bytes);

/* A symbol as %pS names it. */
struct ksymbol {
	char name[KALLSYMS_NAME_BYTES];
	uint64_t offset, size_bytes; /* of the address in it; of it */
	char module[64];             /* empty: the kernel image's */
};
/* kallsyms_lookup(). Return: as kallsyms_name(). */
MUST_CHECK const struct err *ksymbol_find(const struct kernel *k, gva_t address,
					   struct ksymbol *ret);

/* How many bytes there are from the symbol that @address of the kernel image is in to the next. */
MUST_CHECK const struct err *kallsyms_size(const struct kernel *k, gva_t address, uint64_t *ret);

/* Does @address lie in code of the kernel image or of a module (__kernel_text_address())? */
MUST_CHECK const struct err *kallsyms_is_text(const struct kernel *k, gva_t address, bool *ret);

#endif
