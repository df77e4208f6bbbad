/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes, BTF and whole kernels for tests. */
#include "tests/unit/profiles/maker.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

void make_bytes(struct maker *m, const void *bytes, size_t len_bytes)
{
	if (len_bytes > sizeof(m->bytes) - m->used_bytes)
		abort();
	if (len_bytes)
		memcpy(m->bytes + m->used_bytes, bytes, len_bytes);
	m->used_bytes += len_bytes;
}

void make_number(struct maker *m, uint64_t v, size_t len_bytes)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < len_bytes; i++)
		bytes[i] = (uint8_t)(v >> (8 * i));
	make_bytes(m, bytes, len_bytes);
}

void make_align(struct maker *m, size_t align)
{
	while (m->used_bytes % align)
		make_number(m, 0, 1);
}

struct span make_span(const struct maker *m, uint64_t address)
{
	return (struct span){m->bytes, m->used_bytes, address};
}

void btf_maker_init(struct btf_maker *b)
{
	b->types.used_bytes = b->strings.used_bytes = 0;
	b->last_id = b->strings_before = 0;
	make_number(&b->strings, 0, 1);
}

void btf_maker_init_split(struct btf_maker *b, const struct btf_maker *base)
{
	btf_maker_init(b);
	b->last_id = base->last_id;
	b->strings_before = (uint32_t)base->strings.used_bytes;
}

uint32_t btf_string(struct btf_maker *b, const char *name)
{
	size_t at = b->strings.used_bytes;

	if (!*name)
		return 0;
	make_bytes(&b->strings, name, strlen(name) + 1);
	return b->strings_before + (uint32_t)at;
}

void btf_word(struct btf_maker *b, uint32_t v)
{
	make_number(&b->types, v, 4);
}

uint32_t btf_make(struct btf_maker *b, const char *name, unsigned kind, uint32_t vlen_and_flag,
		  uint32_t size_or_type)
{
	btf_word(b, btf_string(b, name));
	btf_word(b, kind << 24 | vlen_and_flag);
	btf_word(b, size_or_type);
	return ++b->last_id;
}

void btf_make_member(struct btf_maker *b, const char *name, uint32_t type, uint32_t bits)
{
	btf_word(b, btf_string(b, name));
	btf_word(b, type);
	btf_word(b, bits);
}

void btf_make_all(const struct btf_maker *b, struct maker *ret)
{
	const uint32_t types = (uint32_t)b->types.used_bytes;

	ret->used_bytes = 0;
	make_number(ret, 0xeb9f, 2);
	make_number(ret, 1, 1);
	make_number(ret, 0, 1);
	make_number(ret, 24, 4);
	make_number(ret, 0, 4);
	make_number(ret, types, 4);
	make_number(ret, types, 4);
	make_number(ret, b->strings.used_bytes, 4);
	make_bytes(ret, b->types.bytes, b->types.used_bytes);
	make_bytes(ret, b->strings.bytes, b->strings.used_bytes);
}

void make_notes(struct maker *m)
{
	m->used_bytes = 0;
	make_number(m, 4, 4); /* another note first */
	make_number(m, 2, 4);
	make_number(m, 1, 4);
	make_bytes(m, "Xen\0vv\0\0", 8);
	make_number(m, 4, 4);
	make_number(m, 20, 4);
	make_number(m, NT_GNU_BUILD_ID, 4);
	make_bytes(m, "GNU", 4);
	for (unsigned i = 0; i < 20; i++)
		make_number(m, 0x0123456789abcdef >> (56 - 8 * (i % 8)), 1);
}

static void section_header(struct maker *m, uint32_t name, uint32_t type, uint64_t at,
			   const struct span *s)
{
	make_number(m, name, 4);
	make_number(m, type, 4);
	make_number(m, 0, 8); /* flags */
	make_number(m, s->address, 8);
	make_number(m, at, 8);
	make_number(m, s->len_bytes, 8);
	make_number(m, 0, 8); /* link, info */
	make_number(m, 1, 8); /* align */
	make_number(m, 0, 8); /* entry size */
}

static void elf_header(struct maker *m)
{
	static const uint8_t ident[EI_NIDENT] = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1};

	make_bytes(m, ident, sizeof(ident));
	make_number(m, ET_EXEC, 2);
	make_number(m, EM_X86_64, 2);
	make_number(m, 1, 4);
	make_number(m, MADE_TEXT, 8);
	make_number(m, 0, 8);  /* program headers */
	make_number(m, 64, 8); /* section headers */
	make_number(m, 0, 4);
	make_number(m, 64, 2);
	make_number(m, 56, 2);
	make_number(m, 0, 2);
	make_number(m, 64, 2);
	make_number(m, 5, 2);
	make_number(m, 4, 2); /* section names: the last section */
}

/* An image of three sections; @names are theirs and that of the names' own, each with a NUL. */
static void make_image(struct maker *m, const char *names, size_t names_bytes,
		       const struct span *const parts[3])
{
	static const uint32_t types[] = {SHT_NOTE, SHT_PROGBITS, SHT_PROGBITS};
	const struct span none = {0}, strings = {(const uint8_t *)names, names_bytes, 0};
	size_t at = 64 + 5 * 64 + names_bytes;
	uint32_t name = 1;

	m->used_bytes = 0;
	elf_header(m);
	section_header(m, 0, SHT_NULL, 0, &none);
	for (unsigned i = 0; i < 3; i++) {
		section_header(m, name, types[i], at, parts[i]);
		name += (uint32_t)strlen(names + name) + 1;
		at += parts[i]->len_bytes;
	}
	section_header(m, name, SHT_STRTAB, 64 + 5 * 64, &strings);
	make_bytes(m, names, names_bytes);
	for (unsigned i = 0; i < 3; i++)
		make_bytes(m, parts[i]->bytes, parts[i]->len_bytes);
}

void make_vmlinux(struct maker *m, const struct span *notes, const struct span *rodata,
		  const struct span *types)
{
	static const char names[] = "\0.notes\0.rodata\0.BTF\0.shstrtab";

	make_image(m, names, sizeof(names), (const struct span *const[]){notes, rodata, types});
}

void make_module(struct maker *m, const struct span *modinfo, const struct span *types)
{
	static const char names[] = "\0.notes\0.modinfo\0.BTF\0.shstrtab";
	static const char without[] = "\0.notes\0.modinfo\0.xxx\0.shstrtab";
	const struct span none = {.bytes = (const uint8_t *)names};

	make_image(m, types ? names : without, sizeof(names),
		   (const struct span *const[]){&none, modinfo, types ? types : &none});
}

void make_vmlinuz(struct maker *m, const void *payload, size_t len_bytes)
{
	m->used_bytes = 0;
	while (m->used_bytes < 0x1f1)
		make_number(m, 0, 1);
	make_number(m, 1, 1); /* one sector of setup code after the boot sector */
	while (m->used_bytes < 0x202)
		make_number(m, 0, 1);
	make_bytes(m, "HdrS", 4);
	make_number(m, 0x20f, 2);
	while (m->used_bytes < 0x248)
		make_number(m, 0, 1);
	make_number(m, 16, 4); /* offset of the payload in the protected-mode code */
	make_number(m, len_bytes, 4);
	while (m->used_bytes < 1024 + 16)
		make_number(m, 0, 1);
	make_bytes(m, payload, len_bytes);
}

void each_prefix(const struct maker *whole, void (*run)(const uint8_t *bytes, size_t len_bytes))
{
	for (size_t len = 0; len < whole->used_bytes; len++) {
		uint8_t *copy = malloc(len ? len : 1);

		if (!copy)
			abort();
		memcpy(copy, whole->bytes, len);
		run(copy, len);
		free(copy);
	}
}
