/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/slabinfo (cache_show(), mm/slab_common.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/slab.h"
#include "transcall/proc/view.h"

/* SLUB has no tunables, and nothing that CPUs share. */
static const struct err *print_cache(const struct kernel *k, gva_t at, FILE *out)
{
	struct slab_cache c;

	TRY(slab_cache_read(k, at, &c));
	fprintf(out,
		"%-17s %6" PRIu64 " %6" PRIu64 " %6" PRIu32 " %4" PRIu32 " %4" PRIu32
		" : tunables    0    0    0 : slabdata %6" PRIu64 " %6" PRIu64 "      0\n",
		c.name, c.active, c.objects, c.object_bytes, c.objects_per_slab, c.pages_per_slab,
		c.slabs, c.slabs);
	return NULL;
}

const struct err *root_slabinfo(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct list_iter it;
	gva_t cache;

	(void)node;
	fputs("slabinfo - version: 2.1\n"
	      "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
	      " : tunables <limit> <batchcount> <sharedfactor>"
	      " : slabdata <active_slabs> <num_slabs> <sharedavail>\n",
	      out);
	TRY(slab_caches_init(&it, k));
	for (;;) {
		long start = ftell(out);
		const struct err *e = slab_caches_next(&it, k, &cache);

		if (!e && gva_is_null(cache))
			return NULL;
		TRY(view_pass_line(view, out, start, e ? e : print_cache(k, cache, out)));
	}
}
