/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/net/netfilter/nf_log, /proc/sys/net/netfilter/nf_log/N (net/netfilter/nf_log.c).
 * Input: attacker-controlled.
 */
#include <stdlib.h>

#include "transcall/kobj/nflog.h"
#include "transcall/kobj/ns.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/sysctl_show.h"

static const char *or_none(const char *name)
{
	return *name ? name : "NONE";
}

/* The kernel looks for a comma behind the first kind alone. */
static const struct err *registered_print(const struct kernel *k, unsigned family, FILE *out)
{
	char name[NFLOG_NAME_BYTES], next[NFLOG_NAME_BYTES] = "";

	for (unsigned type = 0; type < nflog_types(k); type++) {
		TRY(nflog_registered(k, family, type, name));
		if (*name && type == 0 && nflog_types(k) > 1)
			TRY(nflog_registered(k, family, 1, next));
		fprintf(out, "%s%s", name, type == 0 && *next ? "," : "");
	}
	return NULL;
}

const struct err *net_nf_log(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char name[NFLOG_NAME_BYTES];
	gva_t net;

	TRY(nettext_net(view, node, &net));
	for (unsigned family = 0; family < nflog_families(view->kernel); family++) {
		TRY(nflog_used(view->kernel, net, family, name));
		fprintf(out, "%2u %s (", family, or_none(name));
		TRY(registered_print(view->kernel, family, out));
		fputs(")\n", out);
	}
	return NULL;
}

const struct err *show_nf_log(struct proc_view *view, const struct proc_node *node,
			      const struct sysctl_entry *e, FILE *out)
{
	char name[NFLOG_NAME_BYTES];
	gva_t net;

	(void)e;
	TRY(ns_net_of_task(view->kernel, view->reader, &net));
	TRY(nflog_used(view->kernel, net, (unsigned)strtoul(sysctl_name(node), NULL, 10), name));
	fprintf(out, "%s\n", or_none(name));
	return NULL;
}
