/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/vmallocinfo (mm/vmalloc.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/ptrhash.h"
#include "transcall/kobj/vmalloc.h"
#include "transcall/proc/view.h"

static const struct err *range_print(const struct kernel *k, uint64_t start, uint64_t end,
				     uint64_t bytes, FILE *out)
{
	char from[PTRHASH_TEXT_BYTES], to[PTRHASH_TEXT_BYTES];

	TRY(ptrhash_restricted(k, gva(start), from));
	TRY(ptrhash_restricted(k, gva(end), to));
	fprintf(out, "0x%s-0x%s %7" PRId64, from, to, (int64_t)bytes);
	return NULL;
}

/* %pS; what is no symbol, as a number. */
static const struct err *caller_print(const struct kernel *k, gva_t caller, FILE *out)
{
	struct ksymbol s;
	const struct err *e = ksymbol_find(k, caller, &s);

	if (e && e->kind == ERR_ABSENT) {
		fprintf(out, " 0x%" PRIx64, caller.v);
		return NULL;
	}
	TRY(e);
	fprintf(out, " %s+0x%" PRIx64 "/0x%" PRIx64, s.name, s.offset, s.size_bytes);
	if (*s.module)
		fprintf(out, " [%s]", s.module);
	return NULL;
}

static void flags_print(uint64_t flags, FILE *out)
{
	static const struct {
		uint64_t flag;
		const char *name;
	} names[] = {{VMALLOC_IOREMAP, "ioremap"}, {VMALLOC_SPARSE, "sparse"},
		     {VMALLOC_ALLOC, "vmalloc"},   {VMALLOC_MAP, "vmap"},
		     {VMALLOC_USERMAP, "user"},    {VMALLOC_DMA_COHERENT, "dma-coherent"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			fprintf(out, " %s", names[i].name);
}

static const struct err *pages_print(const struct kernel *k, const struct vmalloc_area *a,
				     FILE *out)
{
	uint64_t nodes[NODES_MAX];
	bool mapped;

	TRY(vmalloc_has(k, a->pages, &mapped));
	if (mapped)
		fputs(" vpages", out);
	if (a->flags & VMALLOC_UNINITIALIZED)
		return NULL;
	TRY(vmalloc_nodes(k, a, nodes));
	for (unsigned i = 0; i < NODES_MAX; i++)
		if (nodes[i])
			fprintf(out, " N%u=%" PRIu64, i, nodes[i]);
	return NULL;
}

static const struct err *area_print(const struct kernel *k, const struct vmalloc_area *a, FILE *out)
{
	if (!a->has_owner) {
		TRY(range_print(k, a->start, a->end, a->end - a->start, out));
		fputs(a->is_unpurged ? " unpurged vm_area\n" : " vm_map_ram\n", out);
		return NULL;
	}
	TRY(range_print(k, a->address.v, a->address.v + a->bytes, a->bytes, out));
	if (!gva_is_null(a->caller))
		TRY(caller_print(k, a->caller, out));
	if (a->page_count)
		fprintf(out, " pages=%" PRIu64, a->page_count);
	if (a->physical)
		fprintf(out, " phys=0x%016" PRIx64, a->physical);
	flags_print(a->flags, out);
	TRY(pages_print(k, a, out));
	fputc('\n', out);
	return NULL;
}

const struct err *root_vmallocinfo(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct vmalloc_area area;
	struct vmalloc_iter it;
	bool end;

	(void)node;
	vmalloc_iter_init(&it);
	for (;;) {
		long start = ftell(out);
		const struct err *e = vmalloc_iter_next(&it, k, &area, &end);

		if (!e && end)
			return NULL;
		TRY(view_pass_line(view, out, start, e ? e : area_print(k, &area, out)));
	}
}
