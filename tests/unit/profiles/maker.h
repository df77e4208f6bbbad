/* SPDX-License-Identifier: GPL-2.0-or-later */
/* maker - small but valid inputs for the profile builder, made by hand. */
#ifndef TESTS_PROFILES_MAKER_H
#define TESTS_PROFILES_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel-profiles/span.h"

/* Bytes put one after the other; the tests are wrong if they do not fit. */
struct maker {
	size_t used_bytes;
	uint8_t bytes[1u << 17];
};

void make_bytes(struct maker *m, const void *bytes, size_t len_bytes);
void make_number(struct maker *m, uint64_t v, size_t len_bytes); /* little-endian */
void make_align(struct maker *m, size_t align);
struct span make_span(const struct maker *m, uint64_t address);

/* --- BTF --- */
struct btf_maker {
	struct maker types, strings;
	uint32_t last_id;
	uint32_t strings_before; /* bytes of the base's */
};

#define BTF_FLAG (1u << 31)

void btf_maker_init(struct btf_maker *b);
/* Types that continue those of @base. */
void btf_maker_init_split(struct btf_maker *b, const struct btf_maker *base);
uint32_t btf_string(struct btf_maker *b, const char *name);
/* A type's common part; return its id. */
uint32_t btf_make(struct btf_maker *b, const char *name, unsigned kind, uint32_t vlen_and_flag,
		  uint32_t size_or_type);
void btf_word(struct btf_maker *b, uint32_t v);
void btf_make_member(struct btf_maker *b, const char *name, uint32_t type, uint32_t bits);
void btf_make_all(const struct btf_maker *b, struct maker *ret);

/* --- kallsyms, with a banner at the start --- */
enum kallsyms_layout {
	LAYOUT_OLD,      /* up to 6.3 */
	LAYOUT_OLD_SEQS, /* 6.1.y with seqs_of_names */
	LAYOUT_NEW,      /* 6.4 and later */
	LAYOUT_SELF,     /* 7.x */
	LAYOUT_BASE,     /* without CONFIG_KALLSYMS_ABSOLUTE_PERCPU */
	LAYOUT_COUNT
};

struct made_symbol {
	char type;
	char name[200];
	uint64_t address;
};

#define MADE_RODATA  UINT64_C(0xffffffff82000000)
#define MADE_TEXT    UINT64_C(0xffffffff81000000)
#define MADE_BANNER  "Linux version 6.1.0-test (me@here) (gcc) #1 SMP\n"
#define MADE_SYMBOLS 300u

/* linux_banner among them, a name of 150 characters, per-CPU symbols at 0 and 64 for the old
 * layouts. */
void made_symbols(struct made_symbol ret[MADE_SYMBOLS], enum kallsyms_layout layout);
void make_kallsyms(struct maker *m, const struct made_symbol *symbols, uint32_t count,
		   enum kallsyms_layout layout);

/* --- a whole kernel --- */
#define MADE_BUILD_ID "0123456789abcdef0123456789abcdef01234567"

void make_notes(struct maker *m);
/* ELF image; section headers come before the contents, so that a prefix has them. */
void make_vmlinux(struct maker *m, const struct span *notes, const struct span *rodata,
		  const struct span *types);
/* An object of a module; @types null: it has none. */
void make_module(struct maker *m, const struct span *modinfo, const struct span *types);
void make_vmlinuz(struct maker *m, const void *payload, size_t len_bytes);

/* Call @run with a copy of each proper prefix of @whole that ends just where its memory ends. */
void each_prefix(const struct maker *whole, void (*run)(const uint8_t *bytes, size_t len_bytes));

#endif
