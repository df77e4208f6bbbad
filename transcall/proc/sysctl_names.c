/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of /proc/sys/net that are the names of what registered. Input: attacker-controlled. */
#include "transcall/proc/sysctl_show.h"

#include "transcall/kobj/list.h"

#define NAME_BYTES 16 /* TCP_ULP_NAME_MAX, MPTCP_SCHED_NAME_MAX, MPTCP_PM_NAME_MAX */
#define NAMES_MAX  16 /* TCP_ULP_BUF_MAX / TCP_ULP_NAME_MAX, as those of MPTCP */

#define SHOW(name)                                                                                 \
	const struct err *name(struct proc_view *view, const struct proc_node *node,               \
			       const struct sysctl_entry *e, FILE *out)

/* The names of the structures that @link links into the list at @list. */
static const struct err *names_print(const struct kernel *k, enum symbol_id list,
				     enum field_id link, enum field_id name, FILE *out)
{
	char text[NAME_BYTES];
	struct list_iter it;
	gva_t at;

	if (gva_is_null(kernel_symbol(k, list)))
		return ERR(ERR_ABSENT, "the guest's kernel has no such list");
	TRY(list_init(&it, k, kernel_symbol(k, list)));
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		TRY(list_next(&it, k, &at));
		if (gva_is_null(at))
			break;
		TRY(kfield_str(k, kfield_container(k, at, link), name, text, sizeof(text)));
		fprintf(out, "%s%s", i ? " " : "", text);
	}
	fputc('\n', out);
	return NULL;
}

SHOW(show_ulps)
{
	(void)node, (void)e;
	return names_print(view->kernel, S_tcp_ulp_list, F_tcp_ulp_ops_list, F_tcp_ulp_ops_name,
			   out);
}

SHOW(show_mptcp_schedulers)
{
	(void)node, (void)e;
	return names_print(view->kernel, S_mptcp_sched_list, F_mptcp_sched_ops_list,
			   F_mptcp_sched_ops_name, out);
}

SHOW(show_mptcp_path_managers)
{
	(void)node, (void)e;
	return names_print(view->kernel, S_mptcp_pm_list, F_mptcp_pm_ops_list, F_mptcp_pm_ops_name,
			   out);
}
