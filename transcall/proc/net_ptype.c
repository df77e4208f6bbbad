/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/ptype (net/core/net-procfs.c). Input: attacker-controlled. */
#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/module.h"
#include "transcall/kobj/netdev.h"
#include "transcall/kobj/ptype.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

/* %ps: the function, and the module that it is in. */
static const struct err *function_print(const struct kernel *k, gva_t at, FILE *out)
{
	char name[KALLSYMS_NAME_BYTES];
	struct kmodule m;
	gva_t module;

	TRY(kallsyms_name(k, at, name, sizeof(name)));
	TRY(module_of_text(k, at, &module));
	fputs(name, out);
	if (!gva_is_null(module)) {
		TRY(module_read(k, module, &m));
		fprintf(out, " [%s]", m.name);
	}
	return NULL;
}

static const struct err *hook_render(const struct kernel *k, const struct ptype *p, FILE *out)
{
	char name[NETDEV_NAME_BYTES] = "";

	if (!gva_is_null(p->dev))
		TRY(netdev_name(k, p->dev, name));
	if (p->protocol == PTYPE_ALL)
		fputs("ALL ", out);
	else
		fprintf(out, "%04x", p->protocol);
	fprintf(out, " %-8s ", name);
	TRY(function_print(k, p->func, out));
	fputc('\n', out);
	return NULL;
}

const struct err *net_ptype(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct ptype_iter it;
	struct ptype p;
	gva_t net;

	fputs("Type Device      Function\n", out);
	TRY(nettext_net(view, node, &net));
	TRY(ptype_iter_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = ptype_iter_next(&it, view->kernel, &p);

		if (!e && gva_is_null(p.at))
			return NULL;
		if (!e)
			e = hook_render(view->kernel, &p, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
