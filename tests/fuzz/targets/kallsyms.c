/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel's symbol table. Input: its read-only data. */
#include "kernel-profiles/kallsyms.h"
#include "kernel-profiles/wanted.h"
#include "tests/fuzz/fuzz.h"

#define RODATA UINT64_C(0xffffffff82000000)
#define BANNER "Linux version "

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct span rodata = {.bytes = bytes, .len_bytes = len_bytes, .address = RODATA};
	static struct kallsyms k;
	static struct wanted_symbols wanted;
	struct kallsyms_iterator it = {0};
	struct kallsyms_symbol symbol;
	bool more = true;
	const struct err *e = kallsyms_find(&rodata, &k);

	HOLDS(!e || e->kind == ERR_PROTO);
	if (e)
		return 0;
	HOLDS(k.banner >= RODATA && k.banner - RODATA + strlen(BANNER) <= len_bytes);
	HOLDS(memcmp(bytes + (k.banner - RODATA), BANNER, strlen(BANNER)) == 0);
	while (!e && more) {
		e = kallsyms_next(&k, &it, &symbol, &more);
		HOLDS(e || !more || memchr(symbol.name, 0, sizeof(symbol.name)));
	}
	HOLDS(it.index <= k.count);
	e = wanted_find(&k, &wanted);
	HOLDS(!e || e->kind == ERR_PROTO);
	return 0;
}
