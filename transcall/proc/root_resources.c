/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/iomem and ioports (kernel/resource.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/resource.h"
#include "transcall/proc/view.h"

#define DEPTH_SHOWN 5 /* MAX_IORES_LEVEL */

/* Who is not root of the initial user namespace sees no addresses. */
static void resource_print(struct proc_view *view, struct resource *r, int width, FILE *out)
{
	if (!gva_equal(view->user_ns, kernel_symbol(view->kernel, S_init_user_ns)))
		r->start = r->end = 0;
	fprintf(out, "%*s%0*" PRIx64 "-%0*" PRIx64 " : %s\n",
		2 * (int)(r->depth < DEPTH_SHOWN ? r->depth : DEPTH_SHOWN), "", width, r->start,
		width, r->end, r->name);
}

static const struct err *resources_print(struct proc_view *view, enum symbol_id symbol, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t root = kernel_symbol(k, symbol);
	struct resource_iter it;
	struct resource r;
	uint64_t end;

	TRY(kfield_uint(k, root, F_resource_end, &end));
	TRY(resource_iter_init(&it, k, root));
	for (;;) {
		const struct err *e = resource_iter_next(&it, k, &r);

		if (!e && gva_is_null(r.at))
			return NULL;
		if (!e)
			resource_print(view, &r, end < 0x10000 ? 4 : 8, out);
		TRY(view_pass_over(view, e));
	}
}

const struct err *root_iomem(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return resources_print(view, S_iomem_resource, out);
}

const struct err *root_ioports(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return resources_print(view, S_ioport_resource, out);
}
