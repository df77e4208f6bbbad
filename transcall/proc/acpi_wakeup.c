/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/acpi/wakeup (drivers/acpi/proc.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/acpi.h"
#include "transcall/proc/view.h"

static const char *enabled_text(bool enabled)
{
	return enabled ? "enabled" : "disabled";
}

/* All but the first node begin a line of their own. */
static const struct err *nodes_print(const struct kernel *k, const struct acpi_waker *w, FILE *out)
{
	struct acpi_node node;
	struct list_iter it;

	TRY(acpi_nodes_init(&it, k, w));
	for (bool first = true;; first = false) {
		TRY(acpi_nodes_next(&it, k, &node));
		if (gva_is_null(node.at)) {
			if (first)
				fprintf(out, "*%-8s\n", enabled_text(w->enabled));
			return NULL;
		}
		fprintf(out, "%s*%-8s  %s:%s\n", first ? "" : "\t\t",
			enabled_text(w->enabled || node.enabled), node.bus, node.name);
	}
}

static const struct err *waker_print(const struct kernel *k, const struct acpi_waker *w, FILE *out)
{
	if (!w->valid)
		return NULL;
	fprintf(out, "%s\t  S%" PRIu64 "\t", w->id, w->sleep_state);
	return nodes_print(k, w, out);
}

const struct err *acpi_wakeup(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct acpi_waker waker;
	struct list_iter it;

	(void)node;
	TRY(acpi_wakers_init(&it, view->kernel));
	fputs("Device\tS-state\t  Status   Sysfs node\n", out);
	for (;;) {
		long start = ftell(out);
		const struct err *e = acpi_wakers_next(&it, view->kernel, &waker);

		if (!e && gva_is_null(waker.at))
			return NULL;
		if (!e)
			e = waker_print(view->kernel, &waker, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
