/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbols of a module (kernel/module/kallsyms.c). Input: attacker-controlled. */
#include "transcall/kobj/module.h"

#include "remotetrans/base/buf.h"
#include "transcall/kobj/kallsyms.h"

/* Elf64_Sym (System V ABI, chapter 4) */
#define SYMBOL_BYTES      24
#define SYMBOL_SECTION    6 /* offset of st_shndx */
#define SYMBOLS_MAX       (1u << 17)
#define CHUNK_SYMBOLS     128
#define SECTION_UNDEFINED 0 /* SHN_UNDEF */

struct symtab {
	gva_t symbols, strings;
	uint32_t count;
};

/* The best symbol so far. */
struct best {
	uint64_t base, address; /* module's text; looked for */
	uint64_t value;
	uint64_t next; /* the least value of a symbol behind the address; at first the text's end */
	uint32_t name;
	bool found;
};

static const struct err *symtab_read(const struct kernel *k, gva_t module, struct symtab *ret)
{
	uint64_t count;
	gva_t at;

	TRY(kfield_ptr(k, module, F_module_kallsyms, &at));
	TRY(kfield_ptr(k, at, F_mod_kallsyms_symtab, &ret->symbols));
	TRY(kfield_ptr(k, at, F_mod_kallsyms_strtab, &ret->strings));
	TRY(kfield_uint(k, at, F_mod_kallsyms_num_symtab, &count));
	if (count > SYMBOLS_MAX)
		return ERR_AT(ERR_FAULT, module.v, "a module with %llu symbols",
			      (unsigned long long)count);
	ret->count = (uint32_t)count;
	return NULL;
}

/* Is it a better one than what was found so far: nearer, before or behind? */
static bool improves(const struct best *b, uint64_t value)
{
	if (value > b->address)
		return value < b->next;
	return value >= b->base && (!b->found || value > b->value);
}

/* Symbols without a name do not count. */
static const struct err *consider(const struct kernel *k, const struct symtab *t,
				  const uint8_t *bytes, struct best *b)
{
	struct buf_reader r = buf_reader_over(bytes, SYMBOL_BYTES);
	uint16_t section;
	uint32_t name;
	uint64_t value;
	uint8_t first;

	TRY(buf_read_u32(&r, &name));
	TRY(buf_skip(&r, SYMBOL_SECTION - 4));
	TRY(buf_read_u16(&r, &section));
	TRY(buf_read_u64(&r, &value));
	if (section == SECTION_UNDEFINED || !improves(b, value))
		return NULL;
	TRY(kread_u8(k, gva_add(t->strings, name), &first));
	if (first && value > b->address) {
		b->next = value;
	} else if (first) {
		b->value = value;
		b->name = name;
		b->found = true;
	}
	return NULL;
}

static const struct err *search(const struct kernel *k, const struct symtab *t, struct best *b)
{
	uint8_t chunk[CHUNK_SYMBOLS * SYMBOL_BYTES];

	for (uint32_t i = 0; i < t->count; i += CHUNK_SYMBOLS) {
		uint32_t part = t->count - i < CHUNK_SYMBOLS ? t->count - i : CHUNK_SYMBOLS;

		TRY(kread(k, gva_add(t->symbols, (uint64_t)i * SYMBOL_BYTES), chunk,
			  (size_t)part * SYMBOL_BYTES));
		/* The first entry of an ELF symbol table is none. */
		for (uint32_t j = i ? 0 : 1; j < part; j++)
			TRY(consider(k, t, chunk + (size_t)j * SYMBOL_BYTES, b));
	}
	return NULL;
}

static const struct err *best_find(const struct kernel *k, gva_t module, gva_t address,
				   struct best *b, char *ret, size_t size_bytes)
{
	struct symtab t;
	struct kmodule m;

	TRY(module_read(k, module, &m));
	TRY(symtab_read(k, module, &t));
	*b = (struct best){.base = m.base.v, .address = address.v, .next = m.base.v + m.text_bytes};
	TRY(search(k, &t, b));
	if (!b->found)
		return ERR_AT(ERR_ABSENT, address.v, "no symbol in module %s", m.name);
	return kread_str(k, gva_add(t.strings, b->name), ret, size_bytes);
}

const struct err *module_symbol_name(const struct kernel *k, gva_t module, gva_t address, char *ret,
				     size_t size_bytes)
{
	struct best b;

	return best_find(k, module, address, &b, ret, size_bytes);
}

const struct err *module_symbol_find(const struct kernel *k, gva_t module, gva_t address,
				     struct ksymbol *ret)
{
	struct best b;

	TRY(best_find(k, module, address, &b, ret->name, sizeof(ret->name)));
	ret->offset = address.v - b.value;
	ret->size_bytes = b.next - b.value;
	return NULL;
}
