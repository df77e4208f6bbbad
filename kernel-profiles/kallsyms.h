/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kallsyms - the kernel's own symbol table, found and decoded inside its read-only data.
 * Format: scripts/kallsyms.c and kernel/kallsyms.c of the kernel.
 */
#ifndef KP_KALLSYMS_H
#define KP_KALLSYMS_H

#include <stdbool.h>

#include "kernel-profiles/span.h"

#define KALLSYMS_NAME_MAX 512 /* KSYM_NAME_LEN; 128 before 6.1 */
#define KALLSYMS_TOKENS   256u

/* How the table of offsets gives addresses. */
enum kallsyms_rule {
	KALLSYMS_ABSOLUTE_PERCPU, /* negative: below relative_base; else absolute (per-CPU offsets)
				   */
	KALLSYMS_BASE,            /* relative_base + offset, unsigned */
	KALLSYMS_SELF,            /* the offset's own address + offset (7.x) */
};

struct kallsyms {
	struct span rodata; /* borrowed */
	uint32_t count;
	enum kallsyms_rule rule;
	uint64_t relative_base; /* its value; 0 with KALLSYMS_SELF */
	uint64_t banner; /* address of linux_banner */
	/* where the tables start in rodata; relative_base_at: 0 with KALLSYMS_SELF */
	size_t num_syms_at, names_at, markers_at, token_table_at, token_index_at, offsets_at,
		relative_base_at;
	size_t tokens[KALLSYMS_TOKENS]; /* where each token starts in rodata */
};

/**
 * kallsyms_find() - find the tables in @rodata and how addresses are to be read from them
 * @rodata: untrusted; borrowed as long as @ret is used
 *
 * What is found gives linux_banner the address of the bytes "Linux version ".
 * Return: NULL, PROTO.
 */
MUST_CHECK const struct err *kallsyms_find(const struct span *rodata, struct kallsyms *ret);

struct kallsyms_symbol {
	char name[KALLSYMS_NAME_MAX];
	char type; /* as nm(1) prints it */
	uint64_t address;
};

/* Walk all symbols: start with an iterator of zeros. */
struct kallsyms_iterator {
	uint32_t index; /* of the symbol to be read next */
	size_t at;      /* in the names; 0 at the start */
};

/* The next symbol; false at the end. Return: NULL, PROTO. */
MUST_CHECK const struct err *kallsyms_next(const struct kallsyms *k, struct kallsyms_iterator *it,
					   struct kallsyms_symbol *ret, bool *ret_more);

/* Where the names of entry @at in @rodata end: after length and tokens. Return: NULL, PROTO. */
MUST_CHECK const struct err *kallsyms_name_skip(struct buf_reader *r, struct span *ret_tokens);

#endif
