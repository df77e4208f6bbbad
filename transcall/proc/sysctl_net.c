/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of algorithms in /proc/sys/net. Input: attacker-controlled. */
#include "transcall/proc/sysctl_show.h"

#include "transcall/kobj/list.h"
#include "transcall/kobj/ns.h"

#define NAME_BYTES     17 /* TCP_CA_NAME_MAX, IFNAMSIZ, and a NUL */
#define NON_RESTRICTED 1  /* TCP_CONG_NON_RESTRICTED */

#define SHOW(name)                                                                                 \
	const struct err *name(struct proc_view *view, const struct proc_node *node,               \
			       const struct sysctl_entry *e, FILE *out)

SHOW(show_congestion_control)
{
	char name[NAME_BYTES];
	gva_t net, ops;

	(void)node, (void)e;
	TRY(ns_net_of_task(view->kernel, view->reader, &net));
	TRY(kfield_ptr(view->kernel, net, F_net_ipv4_tcp_congestion, &ops));
	TRY(kfield_str(view->kernel, ops, F_tcp_congestion_ops_name, name, sizeof(name)));
	fprintf(out, "%s\n", name);
	return NULL;
}

/* tcp_get_available_congestion_control(), and of those only whose flags are a part of @flags. */
static const struct err *names_print(const struct kernel *k, uint64_t flags, FILE *out)
{
	char name[NAME_BYTES];
	struct list_iter it;
	uint64_t has;
	bool first = true;
	gva_t at;

	TRY(list_init(&it, k, kernel_symbol(k, S_tcp_cong_list)));
	for (;;) {
		TRY(list_next(&it, k, &at));
		if (gva_is_null(at))
			break;
		at = kfield_container(k, at, F_tcp_congestion_ops_list);
		TRY(kfield_uint(k, at, F_tcp_congestion_ops_flags, &has));
		if ((has & flags) != flags)
			continue;
		TRY(kfield_str(k, at, F_tcp_congestion_ops_name, name, sizeof(name)));
		fprintf(out, "%s%s", first ? "" : " ", name);
		first = false;
	}
	fputc('\n', out);
	return NULL;
}

SHOW(show_congestion_available)
{
	(void)node, (void)e;
	return names_print(view->kernel, 0, out);
}

SHOW(show_congestion_allowed)
{
	(void)node, (void)e;
	return names_print(view->kernel, NON_RESTRICTED, out);
}

SHOW(show_qdisc)
{
	char name[NAME_BYTES];
	gva_t ops;

	(void)node, (void)e;
	TRY(kread_ptr(view->kernel, kernel_symbol(view->kernel, S_default_qdisc_ops), &ops));
	TRY(kfield_str(view->kernel, ops, F_Qdisc_ops_id, name, sizeof(name)));
	fprintf(out, "%s\n", name);
	return NULL;
}
