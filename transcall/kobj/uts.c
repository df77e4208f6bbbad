/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTS namespaces. Input: attacker-controlled. */
#include "transcall/kobj/uts.h"

const struct err *uts_of_task(const struct kernel *k, gva_t task, struct utsname *ret)
{
	gva_t proxy, ns;

	TRY(kfield_ptr(k, task, F_task_struct_nsproxy, &proxy));
	if (gva_is_null(proxy))
		return ERR_AT(ERR_ABSENT, task.v, "the process has no namespaces any more");
	TRY(kfield_ptr(k, proxy, F_nsproxy_uts, &ns));
	gva_t name = kfield_at(k, ns, F_uts_namespace_name);
	TRY(kfield_str(k, name, F_new_utsname_sysname, ret->sysname, sizeof(ret->sysname)));
	TRY(kfield_str(k, name, F_new_utsname_nodename, ret->nodename, sizeof(ret->nodename)));
	TRY(kfield_str(k, name, F_new_utsname_release, ret->release, sizeof(ret->release)));
	TRY(kfield_str(k, name, F_new_utsname_version, ret->version, sizeof(ret->version)));
	TRY(kfield_str(k, name, F_new_utsname_machine, ret->machine, sizeof(ret->machine)));
	return kfield_str(k, name, F_new_utsname_domainname, ret->domainname,
			  sizeof(ret->domainname));
}
